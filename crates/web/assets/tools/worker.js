// Keeps the tools for when there is no network. The only script of theirs that makes requests, and only for its own files.
const OURS = 'vestibule-tools-';
const CACHE = OURS + VERSION;
const within = (url) => new URL(url).href.startsWith(self.registration.scope);

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(FILES)).then(() => self.skipWaiting()));
});

self.addEventListener('activate', (event) => {
  const old = (names) => names.filter((name) => name.startsWith(OURS) && name !== CACHE);
  const gone = caches.keys().then((names) => Promise.all(old(names).map((name) => caches.delete(name))));
  event.waitUntil(gone.then(() => self.clients.claim()));
});

self.addEventListener('fetch', (event) => {
  if (event.request.method === 'GET' && within(event.request.url)) event.respondWith(answer(event.request));
});

async function answer(request) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(request, { ignoreVary: true });
  if (kept) return kept;
  try {
    const fresh = await fetch(request);
    if (fresh.ok) await cache.put(request, fresh.clone());
    return fresh;
  } catch (error) {
    // A page in another language is better than none.
    const near = await cache.match(request, { ignoreSearch: true, ignoreVary: true });
    if (near) return near;
    throw error;
  }
}
