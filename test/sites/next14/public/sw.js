/** Answers each request with what the server answers, as many caches for offline use do. */
self.addEventListener('fetch', (event) => event.respondWith(fetch(event.request)));
