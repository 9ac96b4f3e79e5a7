import type { Lang } from "../types";
import type { Plural } from "../words";

const UK = {
  title: "Куди йти",
  explain: "Покажемо найближче відчинене укриття, де є місце. Де ви є, знатиме лише цей телефон.",
  locate: "Знайти шлях до укриття",
  again: "Визначити місце знову",
  locating: "Визначаємо місце",
  minutes: { one: "хвилина", few: "хвилини", many: "хвилин", other: "хвилини" } as Plural,
  places: { one: "місце", few: "місця", many: "місць", other: "місця" } as Plural,
  free: { one: "вільне місце", few: "вільні місця", many: "вільних місць", other: "вільного місця" } as Plural,
  away: (metres: string): string => `${metres} м пішки`,
  stepFree: "без сходів",
  stepFreeOnly: "Лише без сходів",
  tooFar: "Далеко.",
  stay:
    "Залишайтеся в будівлі: приміщення без вікон за двома стінами, наприклад коридор чи ванна кімната. Сядьте на підлогу біля несучої стіни.",
  trouble: {
    no_position: "Телефон не каже, де ви є. Дозвольте визначення місця або оберіть укриття в списку нижче.",
    no_streets: "Вулиці навколо ще не завантажено. Оберіть укриття в списку нижче.",
    no_way: "До жодного відчиненого укриття звідси не дійти. Залишайтеся в будівлі, за двома стінами від вулиці.",
  },
};

const EN: typeof UK = {
  title: "Where to go",
  explain: "The nearest open shelter with room. Only this phone will know where you are.",
  locate: "Find the way to shelter",
  again: "Locate me again",
  locating: "Locating",
  minutes: { one: "minute", other: "minutes" },
  places: { one: "place", other: "places" },
  free: { one: "free place", other: "free places" },
  away: (metres) => `${metres} m on foot`,
  stepFree: "step-free",
  stepFreeOnly: "Step-free only",
  tooFar: "It is far.",
  stay: "Stay inside: a room without windows behind two walls, such as a corridor or a bathroom. Sit on the floor by a bearing wall.",
  trouble: {
    no_position: "The phone does not say where you are. Allow it, or choose a shelter from the list below.",
    no_streets: "The streets around you are not loaded yet. Choose a shelter from the list below.",
    no_way: "No open shelter can be reached from here. Stay inside, two walls away from the street.",
  },
};

export const WORDS: Readonly<Record<Lang, typeof UK>> = { uk: UK, en: EN };
