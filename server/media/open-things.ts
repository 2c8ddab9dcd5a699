import type { types } from 'mediasoup';

export type OpenThings = { routers: number; transports: number; producers: number; consumers: number };

/** Counts what is open on a worker as it comes and goes, without asking the worker. */
export function countOpenThings(worker: types.Worker): OpenThings {
  const open: OpenThings = { routers: 0, transports: 0, producers: 0, consumers: 0 };
  const count = (kind: keyof OpenThings, thing: { observer: { once(name: 'close', gone: () => void): unknown } }) => {
    open[kind] += 1;
    thing.observer.once('close', () => (open[kind] -= 1));
  };
  worker.observer.on('newrouter', (router) => {
    count('routers', router);
    router.observer.on('newtransport', (transport) => {
      count('transports', transport);
      transport.observer.on('newproducer', (producer) => count('producers', producer));
      transport.observer.on('newconsumer', (consumer) => count('consumers', consumer));
    });
  });
  return open;
}
