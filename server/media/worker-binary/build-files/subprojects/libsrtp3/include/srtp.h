// What the media worker uses of libsrtp 3, over the distribution's libsrtp 2 (C++ only).
//
// Version 3 has an opaque policy that is filled by calls, and separate buffers with size_t lengths for what goes in and
// what comes out; version 2 has a public policy struct and works in place on an int length. The calls that both have
// under one name differ in their parameters, so here they are overloads.

#ifndef MOSTRADOR_SRTP_H
#define MOSTRADOR_SRTP_H

// The name belongs to version 3's opaque policy; version 2's struct goes by another one.
#define srtp_policy_t srtp2_policy_t
#include <srtp2/srtp.h>
#undef srtp_policy_t

#include <climits>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>

// Error codes that version 3 added.
inline constexpr srtp_err_status_t srtp_err_status_buffer_small = static_cast<srtp_err_status_t>(28);
inline constexpr srtp_err_status_t srtp_err_status_cryptex_err  = static_cast<srtp_err_status_t>(29);

namespace mostrador::srtp
{
	struct Policy
	{
		srtp2_policy_t v2;
		bool hasKey;
		// Master key and salt, one after the other, as version 2 reads them.
		unsigned char key[SRTP_MAX_KEY_LEN];
	};

	// SRTCP appends a 32-bit index besides what SRTP appends.
	inline constexpr size_t MaxRtpTrailerLen{ SRTP_MAX_TRAILER_LEN };
	inline constexpr size_t MaxRtcpTrailerLen{ SRTP_MAX_TRAILER_LEN + 4 };

	// Runs a call of version 2 (in place, int length) on a copy of the input that lies in the output buffer.
	// `outLen` holds the buffer's size before and the result's length after; `trailerLen` is what the call may append.
	template<typename Call>
	inline srtp_err_status_t runInPlace(
	  Call call, srtp_t session, const uint8_t* in, size_t inLen, uint8_t* out, size_t* outLen, size_t trailerLen)
	{
		if (in == nullptr || out == nullptr || outLen == nullptr || inLen > static_cast<size_t>(INT_MAX) - trailerLen)
		{
			return srtp_err_status_bad_param;
		}

		if (*outLen < trailerLen || inLen > *outLen - trailerLen)
		{
			return srtp_err_status_buffer_small;
		}

		if (out != in)
		{
			std::memmove(out, in, inLen);
		}

		int len = static_cast<int>(inLen);

		const srtp_err_status_t status = call(session, out, &len);

		if (status != srtp_err_status_ok)
		{
			return status;
		}

		if (len < 0)
		{
			return srtp_err_status_fail;
		}

		*outLen = static_cast<size_t>(len);

		return srtp_err_status_ok;
	}
} // namespace mostrador::srtp

using srtp_policy_t = mostrador::srtp::Policy*;

inline srtp_err_status_t srtp_policy_create(srtp_policy_t* policy)
{
	if (policy == nullptr)
	{
		return srtp_err_status_bad_param;
	}

	*policy = new (std::nothrow) mostrador::srtp::Policy{};

	return *policy != nullptr ? srtp_err_status_ok : srtp_err_status_alloc_fail;
}

inline void srtp_policy_destroy(srtp_policy_t policy)
{
	if (policy == nullptr)
	{
		return;
	}

	explicit_bzero(policy->key, sizeof(policy->key));

	delete policy;
}

inline srtp_err_status_t srtp_policy_set_ssrc(srtp_policy_t policy, srtp_ssrc_t ssrc)
{
	if (policy == nullptr)
	{
		return srtp_err_status_bad_param;
	}

	policy->v2.ssrc = ssrc;

	return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_policy_set_profile(srtp_policy_t policy, srtp_profile_t profile)
{
	if (policy == nullptr)
	{
		return srtp_err_status_bad_param;
	}

	const srtp_err_status_t status = srtp_crypto_policy_set_from_profile_for_rtp(&policy->v2.rtp, profile);

	if (status != srtp_err_status_ok)
	{
		return status;
	}

	return srtp_crypto_policy_set_from_profile_for_rtcp(&policy->v2.rtcp, profile);
}

// One key without a master key identifier: all that WebRTC needs.
inline srtp_err_status_t srtp_policy_add_key(
  srtp_policy_t policy,
  const uint8_t* key,
  size_t keyLen,
  const uint8_t* salt,
  size_t saltLen,
  const uint8_t* mki,
  size_t mkiLen)
{
	if (policy == nullptr || key == nullptr || salt == nullptr || mki != nullptr || mkiLen != 0 || policy->hasKey)
	{
		return srtp_err_status_bad_param;
	}

	if (keyLen > sizeof(policy->key) || saltLen > sizeof(policy->key) - keyLen)
	{
		return srtp_err_status_bad_param;
	}

	// Version 2 reads as many bytes as the profile says, so they have to be there.
	if (keyLen + saltLen != static_cast<size_t>(policy->v2.rtp.cipher_key_len))
	{
		return srtp_err_status_bad_param;
	}

	std::memcpy(policy->key, key, keyLen);
	std::memcpy(policy->key + keyLen, salt, saltLen);

	policy->v2.key = policy->key;
	policy->hasKey = true;

	return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_policy_set_allow_repeat_tx(srtp_policy_t policy, bool allow)
{
	if (policy == nullptr)
	{
		return srtp_err_status_bad_param;
	}

	policy->v2.allow_repeat_tx = allow ? 1 : 0;

	return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_policy_set_window_size(srtp_policy_t policy, size_t size)
{
	if (policy == nullptr)
	{
		return srtp_err_status_bad_param;
	}

	policy->v2.window_size = static_cast<unsigned long>(size);

	return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_create(srtp_t* session, srtp_policy_t policy)
{
	if (policy == nullptr || !policy->hasKey)
	{
		return srtp_err_status_bad_param;
	}

	return srtp_create(session, static_cast<const srtp2_policy_t*>(&policy->v2));
}

// The SSRC goes through as it is: the worker gives it in network order, which is what version 2 takes.
inline srtp_err_status_t srtp_stream_remove(srtp_t session, uint32_t ssrc)
{
	return srtp_remove_stream(session, ssrc);
}

inline srtp_err_status_t srtp_protect(
  srtp_t session, const uint8_t* rtp, size_t rtpLen, uint8_t* srtp, size_t* srtpLen, size_t /*mkiIndex*/)
{
	return mostrador::srtp::runInPlace(
	  [](srtp_t ctx, uint8_t* data, int* len) { return srtp_protect(ctx, static_cast<void*>(data), len); },
	  session, rtp, rtpLen, srtp, srtpLen, mostrador::srtp::MaxRtpTrailerLen);
}

inline srtp_err_status_t srtp_unprotect(
  srtp_t session, const uint8_t* srtp, size_t srtpLen, uint8_t* rtp, size_t* rtpLen)
{
	return mostrador::srtp::runInPlace(
	  [](srtp_t ctx, uint8_t* data, int* len) { return srtp_unprotect(ctx, static_cast<void*>(data), len); },
	  session, srtp, srtpLen, rtp, rtpLen, 0);
}

inline srtp_err_status_t srtp_protect_rtcp(
  srtp_t session, const uint8_t* rtcp, size_t rtcpLen, uint8_t* srtcp, size_t* srtcpLen, size_t /*mkiIndex*/)
{
	return mostrador::srtp::runInPlace(
	  [](srtp_t ctx, uint8_t* data, int* len) { return srtp_protect_rtcp(ctx, static_cast<void*>(data), len); },
	  session, rtcp, rtcpLen, srtcp, srtcpLen, mostrador::srtp::MaxRtcpTrailerLen);
}

inline srtp_err_status_t srtp_unprotect_rtcp(
  srtp_t session, const uint8_t* srtcp, size_t srtcpLen, uint8_t* rtcp, size_t* rtcpLen)
{
	return mostrador::srtp::runInPlace(
	  [](srtp_t ctx, uint8_t* data, int* len) { return srtp_unprotect_rtcp(ctx, static_cast<void*>(data), len); },
	  session, srtcp, srtcpLen, rtcp, rtcpLen, 0);
}

#endif
