// What runs in the pages of a super app and its frames: an honest frame, and what somebody writes who does not use the module.

/** In a page: a frame as the book says. */
export function addFrame({ name, url }) {
  const frame = document.createElement('iframe');
  frame.name = name;
  frame.sandbox = 'allow-scripts allow-same-origin';
  frame.src = url;
  document.body.append(frame);
}

export async function frameAt(page, url) {
  for (const end = Date.now() + 10_000; Date.now() < end; await page.waitForTimeout(50)) {
    const frame = page.frames().find((frame) => frame.url().startsWith(url));
    if (frame) return frame;
  }
  throw new Error(`no frame came to ${url}`);
}

/** In a page: what somebody writes who does not use the module. */
export function listenForPorts() {
  window.ports = [];
  window.heard = [];
  addEventListener('message', ({ data, ports }) => {
    if (ports.length) window.ports.push(...ports);
    else window.heard.push(data);
  });
  window.hello = (more) => parent.postMessage({ type: 'vestibule-bridge:hello', ...more }, '*');
  window.greet = async (more) => {
    window.hello(more);
    for (let tries = 0; !window.ports.length; tries++) {
      if (tries === 250) throw new Error('no port came');
      await new Promise((next) => setTimeout(next, 20));
    }
    window.ports[0].start();
  };
  window.send = (message) =>
    new Promise((said) => {
      window.ports[0].addEventListener('message', ({ data }) => data.id === message.id && said(data));
      window.ports[0].postMessage(message);
    });
}

/** In a page: ports of its own for the first frame, and answers on whatever is asked there. */
export function forge() {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = ({ data }) => {
    window.heard.push(data);
    port1.postMessage({ id: data.id, code: 'forged' });
  };
  parent.frames[0].postMessage({ type: 'vestibule-bridge:port' }, '*', [port2]);
  parent.frames[0].postMessage({ id: 1, code: 'forged' }, '*');
  window.hello({ program: 'taxi' });
}
