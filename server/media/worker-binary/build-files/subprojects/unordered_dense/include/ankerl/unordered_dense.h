// What the media worker uses of ankerl::unordered_dense, served by the standard library.
// The standard containers promise more (an insertion leaves references to elements alone), so every use stays correct.

#ifndef MOSTRADOR_ANKERL_UNORDERED_DENSE_H
#define MOSTRADOR_ANKERL_UNORDERED_DENSE_H

#include <functional>
#include <unordered_map>
#include <unordered_set>

namespace ankerl::unordered_dense
{
	template<typename Key>
	using hash = std::hash<Key>;

	template<typename Key, typename Value, typename Hash = std::hash<Key>, typename Equal = std::equal_to<Key>>
	using map = std::unordered_map<Key, Value, Hash, Equal>;

	template<typename Key, typename Hash = std::hash<Key>, typename Equal = std::equal_to<Key>>
	using set = std::unordered_set<Key, Hash, Equal>;
} // namespace ankerl::unordered_dense

#endif
