"""What the bot answers: /start, the choice of areas, the state on demand, /stop."""

from html import escape

from aiogram.methods import AnswerCallbackQuery, EditMessageReplyMarkup, SendMessage
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message, Update

from tocsin.channels.telegram.api import Api
from tocsin.channels.telegram.posts import clock_text, state_text
from tocsin.channels.telegram.turns import Urgency
from tocsin.domain.warning import EXERCISE
from tocsin.flow.channel import Ports
from tocsin.kernel.errors import Undeliverable

SHOWN = 90
"""Buttons of one keyboard at most. Telegram takes a hundred."""
OPEN, TOGGLE = "o:", "t:"
"""What a button does: shows the areas inside, or subscribes to the area and ends it again."""

WELCOME = (
    "Оберіть райони, про які сповіщати: натисніть кнопку або напишіть назву.\n"
    "/state: що зараз. /areas: змінити вибір. /stop: відписатися, і ми все забудемо.\n\n"
    "Choose the areas to be told of: press a button or write a name.\n"
    "/state: how it is now. /areas: change your choice. /stop: unsubscribe, and we forget everything."
)
CHOSEN = "Ваші райони: {areas}.\n\nYour areas: {areas}."
NONE_CHOSEN = "Ви ще не обрали жодного району: /areas\n\nYou have chosen no area yet: /areas"
FORGOTTEN = "Відписано. Про вас нічого не збережено.\n\nUnsubscribed. Nothing about you is kept."
NO_SUCH = "Такого району немає. /areas покаже всі.\n\nThere is no such area. /areas shows all."
SEVERAL = "Котрий саме?\n\nWhich of these?"
VALID = "Станом на {now}. Після {until} цьому вже не вірте.\n\nAs of {now}. Do not rely on it after {until}."


class Dialogue:
    """
    Args:
        channel: The name that subscriptions are kept under.
    """

    def __init__(self, channel: str, api: Api, ports: Ports) -> None:
        self._channel = channel
        self._api = api
        self._ports = ports
        self._names = ports.names()
        self._areas = ports.city.areas

    async def answer(self, update: Update) -> None:
        """
        Raises:
            Unavailable, Undeliverable: As `Api.call` does.
        """
        if update.callback_query is not None:
            await self._pressed(update.callback_query)
        elif update.message is not None and update.message.chat.type == "private":
            await self._said(update.message)
        elif update.my_chat_member is not None and update.my_chat_member.new_chat_member.status == "kicked":
            self.forget(str(update.my_chat_member.chat.id))

    def forget(self, address: str) -> None:
        """Erase all that is kept of somebody, receipts too."""
        if (device := self._ports.subscribers.forget(self._channel, address)) is not None:
            self._ports.devices.forget_device(self._channel, device)

    async def _said(self, message: Message) -> None:
        address, words = str(message.chat.id), (message.text or "").strip()
        match words.partition(" ")[0].partition("@")[0].casefold():
            case "/start" | "/areas":
                await self._send(address, WELCOME, self._keyboard(address, None))
            case "/state":
                await self._send(address, self._state(address))
            case "/stop":
                self.forget(address)
                await self._send(address, FORGOTTEN)
            case _:
                await self._named(address, words)

    async def _named(self, address: str, words: str) -> None:
        found = self._find(words)
        if len(found) == 1:
            self._ports.subscribers.add(self._channel, address, found[0])
            await self._send(address, self._chosen(address), self._keyboard(address, self._areas[found[0]].parent))
        elif found:
            await self._send(address, SEVERAL, _rows([self._button(address, code, TOGGLE) for code in found[:SHOWN]]))
        else:
            await self._send(address, NO_SUCH)

    def _find(self, words: str) -> list[str]:
        """The areas of that name, else those whose name has it in it."""
        sought = words.casefold()
        named = {code: {name.casefold() for name in names.values()} for code, names in self._names.items()}
        exact = [code for code, names in named.items() if sought in names]
        if exact or len(sought) < 2:
            return exact
        return [code for code, names in named.items() if any(sought in name for name in names)]

    async def _pressed(self, query: CallbackQuery) -> None:
        # Without an answer the button keeps turning on their screen.
        address, data = str(query.from_user.id), query.data or ""
        verb, code = data[: len(OPEN)], data[len(OPEN) :]
        shown = code or None
        if verb == TOGGLE and code in self._areas:
            if code in self._ports.subscribers.areas(self._channel, address):
                self._ports.subscribers.remove(self._channel, address, code)
            else:
                self._ports.subscribers.add(self._channel, address, code)
            shown = code if self._inside(code) else self._areas[code].parent
        await self._api.call(AnswerCallbackQuery(callback_query_id=query.id), address, Urgency.REST)
        if query.message is None or (shown is not None and shown not in self._areas):
            return
        keyboard = self._keyboard(address, shown)
        edit = EditMessageReplyMarkup(
            chat_id=query.message.chat.id, message_id=query.message.message_id, reply_markup=keyboard
        )
        try:
            await self._api.call(edit, address, Urgency.REST)
        except Undeliverable:
            # The keyboard is too old to be changed, or is as it should be. The choice was taken all the same.
            await self._send(address, self._chosen(address))

    def _keyboard(self, address: str, code: str | None) -> InlineKeyboardMarkup:
        """The areas inside one, or the outermost; an area that has others inside opens them."""
        if code is None and len(roots := self._inside(None)) == 1:
            code = roots[0]
        buttons = [self._button(address, code, TOGGLE)] if code is not None else []
        for inner in self._inside(code)[:SHOWN]:
            buttons.append(self._button(address, inner, OPEN if self._inside(inner) else TOGGLE))
        if code is not None and (len(self._inside(None)) > 1 or self._areas[code].parent is not None):
            above = self._areas[code].parent or ""
            buttons.append(InlineKeyboardButton(text="⬆️", callback_data=f"{OPEN}{above}"))
        return _rows(buttons)

    def _inside(self, code: str | None) -> list[str]:
        return [each for each in self._areas.codes() if self._areas[each].parent == code]

    def _button(self, address: str, code: str, verb: str) -> InlineKeyboardButton:
        chosen = code in self._ports.subscribers.areas(self._channel, address)
        mark = "✅ " if chosen else "▸ " if verb == OPEN else ""
        return InlineKeyboardButton(text=f"{mark}{self._name(code)}", callback_data=f"{verb}{code}")

    def _name(self, code: str) -> str:
        names = self._names[code]
        return " / ".join(dict.fromkeys(names[lang] for lang in ("uk", "en") if lang in names)) or code

    def _chosen(self, address: str) -> str:
        areas = self._ports.subscribers.areas(self._channel, address)
        names = escape(", ".join(self._name(code) for code in areas if code in self._areas), quote=False)
        return CHOSEN.format(areas=names) if names else NONE_CHOSEN

    def _state(self, address: str) -> str:
        chosen = [code for code in self._ports.subscribers.areas(self._channel, address) if code in self._areas]
        if not chosen:
            return NONE_CHOSEN
        zone = self._ports.city.facts.time_zone
        with self._ports.looking() as position:
            copy = self._ports.views.board.copy(self._ports.clock(), position, chosen)
        age = VALID.format(now=clock_text(copy.generated_at, zone), until=clock_text(copy.valid_until, zone))
        return f"{state_text(copy.areas, self._names, zone, self._ports.realm)}\n\n{age}"

    async def _send(self, address: str, text: str, keyboard: InlineKeyboardMarkup | None = None) -> None:
        if self._ports.realm != "live" and not text.startswith("<b>"):
            text = f"<b>{' / '.join(EXERCISE.values())}</b>\n\n{text}"
        message = SendMessage(chat_id=int(address), text=text, reply_markup=keyboard)
        await self._api.call(message, address, Urgency.REST)


def _rows(buttons: list[InlineKeyboardButton]) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(inline_keyboard=[[button] for button in buttons])
