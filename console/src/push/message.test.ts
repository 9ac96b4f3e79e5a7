import { describe, expect, it } from "vitest";
import { pushMessage } from "./message";

const NOW = Date.parse("2025-04-24T01:00:00+03:00");
const SAID = {
  kind: "alert", realm: "live", area: "UA80", phase: "alert", position: 7, since: "2025-04-24T00:36:00+03:00",
  valid_until: "2025-04-24T01:10:00+03:00", tag: "live/UA80", lang: "uk", title: "Тривога", body: "Негайно прямуйте в укриття.", url: "https://elsewhere.example",
};

describe("a push", () => {
  it("is shown in its own words", () => {
    expect(pushMessage(SAID, NOW)).toMatchObject({ phase: "alert", title: "Тривога", tag: "live/UA80", url: "/?area=UA80" });
  });

  it("with a phase that nobody knows yet is unknown, never safe", () => {
    expect(pushMessage({ ...SAID, phase: "all_fine", title: "All fine" }, NOW)).toMatchObject({ phase: "unknown", title: "Стан невідомий" });
  });

  it("that is older than it may be is unknown", () => {
    expect(pushMessage({ ...SAID, phase: "all_clear" }, NOW + 3_600_000).phase).toBe("unknown");
    expect(pushMessage({ ...SAID, valid_until: "yesterday" }, NOW).phase).toBe("unknown");
  });

  it("without anything in it still says that nothing is known", () => {
    expect(pushMessage(null, NOW)).toMatchObject({ phase: "unknown", title: "Стан невідомий", url: "/?area=" });
  });

  it("opens our own page of its area, whatever address it brings", () => {
    expect(pushMessage({ ...SAID, area: "//elsewhere.example" }, NOW).url).toBe("/?area=%2F%2Felsewhere.example");
  });
});
