"""Posts out of exports and feeds, as they are offered to the reader."""

from datetime import UTC, datetime

import pytest

from tocsin.formats.posts import posts
from tocsin.kernel.errors import Invalid

EXPORT = """{"name": "ДСНС", "type": "public_channel", "messages": [
 {"id": 1, "type": "service", "date_unixtime": "1745463600", "text": ""},
 {"id": 2, "type": "message", "date_unixtime": "1745463960",
  "text": ["Загинуло ", {"type": "bold", "text": "9 осіб"}, "."]}]}"""
RSS = b"""<rss version="2.0"><channel><title>Agency</title><item><title>Nine killed</title><link>https://a.example/1</link>
<description>&lt;p&gt;Nine people &lt;b&gt;were&lt;/b&gt; killed.&lt;/p&gt;</description>
<pubDate>Thu, 24 Apr 2025 06:06:00 +0300</pubDate></item></channel></rss>"""
ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>Agency</title><entry><title>Nine killed</title>
<link href="https://a.example/1"/><updated>2025-04-24T03:06:00Z</updated>
<summary>63 wounded.</summary></entry></feed>"""
AT = datetime(2025, 4, 24, 3, 6, tzinfo=UTC)


def test_a_channel_export_is_one_post_for_each_message_with_words() -> None:
    (post,) = posts(EXPORT.encode(), ".json", "")
    assert (post.text, post.publisher, post.published) == ("Загинуло 9 осіб.", "ДСНС", AT)


def test_a_feed_is_one_post_for_each_entry_without_markup() -> None:
    (post,) = posts(RSS, ".rss", "")
    assert (post.text, post.publisher, post.url) == (
        "Nine killed\n\nNine people were killed.",
        "Agency",
        "https://a.example/1",
    )
    assert post.published == AT
    (entry,) = posts(ATOM, ".xml", "")
    assert (entry.text, entry.published, entry.url) == ("Nine killed\n\n63 wounded.", AT, "https://a.example/1")


def test_a_text_is_itself_with_what_was_said_of_it() -> None:
    (post,) = posts(b"Nine killed.\r\n", ".txt", "AFP", AT)
    assert (post.text, post.publisher, post.published) == ("Nine killed.\r\n", "AFP", AT)


@pytest.mark.parametrize(
    ("document", "suffix"), [(b"{", ".json"), (b"[]", ".json"), (b"<rss", ".xml"), (b"\xff", ".txt")]
)
def test_what_is_not_what_its_name_says_is_refused(document: bytes, suffix: str) -> None:
    with pytest.raises(Invalid):
        posts(document, suffix, "")
