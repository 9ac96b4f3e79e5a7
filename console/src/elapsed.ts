/**
 * Milliseconds that have gone by, for deciding what may still be believed.
 *
 * `performance.now()` stands still while a laptop sleeps, so a state of last evening would wake up fresh. The wall
 * clock goes on, but can be set. So each step is the longer of the two: a clock that is set can only make us doubt
 * too early.
 */

type Read = () => number;

export function elapsedClock(monotonic: Read = () => performance.now(), wall: Read = () => Date.now()): Read {
  let total = 0;
  let [steady, set] = [monotonic(), wall()];
  return () => {
    const [steadyNow, setNow] = [monotonic(), wall()];
    total += Math.max(0, steadyNow - steady, setNow - set);
    [steady, set] = [steadyNow, setNow];
    return total;
  };
}
