"""What stands around the approved text, in both languages. Ukrainian first: it is the one people read."""

SIGNED = {
    "uk": "Підготовка: {prepared}. Затвердження: {approved}. Оприлюднено {published}.",
    "en": "Prepared by {prepared}. Authorised by {approved}. Published {published}.",
}
CORRECTED = {
    "uk": "Зведення № {number} виправлено зведенням № {by}. Не покладайтеся на його дані.",
    "en": "Bulletin No. {number} is corrected by bulletin No. {by}. Do not rely on its figures.",
}
NEWER = {"uk": "Є новіше зведення: № {number}.", "en": "There is a newer bulletin: No. {number}."}
CORRECTION = {"uk": "Виправлено", "en": "Corrected"}
WITHDRAWN = {"uk": "Відкликано", "en": "Withdrawn"}
BULLETINS = {"uk": "Зведення", "en": "Bulletins"}
WHAT_IT_SAID = {"uk": "Що в ньому було", "en": "What it said"}
NONE_YET = {"uk": "Зведень ще не було.", "en": "There are no bulletins yet."}
ALL = {"uk": "Усі зведення", "en": "All bulletins"}
FULL = {"uk": "Повний текст", "en": "Full text"}
FORMATS = {"uk": "Інші формати", "en": "Other formats"}
PHOTOS = {"uk": "Світлини", "en": "Photos"}
UNSUBSCRIBE = {"uk": "Щоб більше не отримувати цих листів", "en": "To stop getting these mails"}
LANGUAGES = {"uk": "Українською", "en": "In English"}
