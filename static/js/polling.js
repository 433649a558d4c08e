// Polling that pauses while the page is hidden.

/**
 * Call `task` every `seconds` while the page is visible, and immediately when it becomes visible or online again. After
 * `task` resolves to false, only these events call it. Return `run`, which calls it immediately, and `stop`.
 */
export function pollWhileVisible(seconds, task) {
  const controller = new AbortController();
  const { signal } = controller;
  let timer = 0;
  let isRunning = false;
  let runAgain = false;

  const schedule = () => {
    clearTimeout(timer);
    if (!signal.aborted) timer = setTimeout(run, seconds * 1000);
  };
  const run = async () => {
    clearTimeout(timer);
    if (document.hidden || signal.aborted) return;
    runAgain = isRunning;
    if (isRunning) return;
    isRunning = true;
    let shouldContinue = true;
    try {
      shouldContinue = (await task()) !== false;
    } finally {
      isRunning = false;
      clearTimeout(timer);
      if (runAgain) run();
      else if (shouldContinue) schedule();
    }
  };
  document.addEventListener("visibilitychange", run, { signal });
  window.addEventListener("online", run, { signal });
  schedule();
  const stop = () => {
    clearTimeout(timer);
    controller.abort();
  };
  return { run, stop };
}
