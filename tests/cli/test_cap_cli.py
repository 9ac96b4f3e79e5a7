"""tocsin cap: what it prints, and what its exit codes mean."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from tests.cap_documents import GOOD, REAL, real_files
from tests.foreign import cap
from tests.running import KYIV, Server, free_port, tocsin

from tocsin.city.generate import generate_city
from tocsin.formats.cap_check import RULES, check_cap
from tocsin.formats.cap_read import read_cap


def write(folder: Path, name: str, text: str) -> str:
    (folder / name).write_text(text, encoding="utf-8")
    return str(folder / name)


def verdicts(*arguments: str, code: int) -> list[dict[str, Any]]:
    done = tocsin("cap", "validate", "--json", *arguments, check=False)
    assert done.returncode == code, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def test_a_valid_file_is_reported_as_such(tmp_path: Path) -> None:
    file = write(tmp_path, "good.xml", GOOD)
    assert verdicts(file, code=0) == [
        {"file": file, "version": "1.2", "valid": True, "schema_valid": True, "findings": []}
    ]


def test_each_file_gets_its_own_report_and_one_invalid_file_makes_it_exit_1(tmp_path: Path) -> None:
    good, bad = write(tmp_path, "good.xml", GOOD), write(tmp_path, "bad.xml", GOOD.replace("Public", "Private"))
    one, other = verdicts(good, bad, code=1)
    assert (one["valid"], other["valid"], other["schema_valid"]) == (True, False, True)
    assert other["findings"] == [
        {
            "rule": "addresses.missing",
            "severity": "error",
            "path": "/alert",
            "message": "the scope is Private and there are no addresses",
        }
    ]


def test_a_warning_alone_leaves_a_file_valid(tmp_path: Path) -> None:
    file = write(tmp_path, "warned.xml", GOOD.replace(">1<", "><"))
    (found,) = verdicts(file, code=0)
    assert found["valid"]
    assert [finding["severity"] for finding in found["findings"]] == ["warning"]


def test_a_profile_may_be_asked_for_more_than_once(tmp_path: Path) -> None:
    file = write(tmp_path, "file.xml", GOOD.replace("IPAWSv1.0", "x").replace("urn:oid:", ""))
    assert verdicts(file, code=0)[0]["findings"] == []
    found = verdicts(file, "--profile", "ipaws", "--profile", "wmo", code=1)[0]["findings"]
    assert [finding["rule"] for finding in found] == ["ipaws.code", "wmo.identifier"]


def test_what_is_no_xml_is_a_finding_and_not_a_crash(tmp_path: Path) -> None:
    (tmp_path / "noise").write_bytes(b"\x00\xff<")
    (found,) = verdicts(str(tmp_path / "noise"), code=1)
    assert [finding["rule"] for finding in found["findings"]] == ["xml.malformed"]


@pytest.mark.parametrize(
    "arguments", [["missing.xml"], ["{good}", "missing.xml"], ["{good}", "--profile", "none"], ["/"]]
)
def test_a_missing_file_or_an_unknown_profile_exits_2_and_is_named(tmp_path: Path, arguments: list[str]) -> None:
    good = write(tmp_path, "good.xml", GOOD)
    done = tocsin("cap", "validate", *(each.format(good=good) for each in arguments), check=False)
    assert done.returncode == 2
    assert "missing.xml" in done.stderr or "none" in done.stderr or "'/'" in done.stderr
    assert "Traceback" not in done.stderr


def test_people_get_words_and_the_rule(tmp_path: Path) -> None:
    file = write(tmp_path, "bad.xml", GOOD.replace("Public", "Private"))
    done = tocsin("cap", "validate", file, check=False)
    assert "NOT VALID, by the schema valid" in done.stdout
    assert "addresses.missing" in done.stdout


@pytest.mark.skipif(not real_files(), reason=f"the collection of CAP files is not at {REAL}")
def test_the_verdict_on_every_real_file_is_that_of_the_official_schema() -> None:
    files = real_files()
    found = verdicts(*(str(real.path) for real in files), code=1)
    assert len(found) == 54
    assert [each["schema_valid"] for each in found] == [real.schema_valid for real in files]
    assert {finding["rule"] for each in found for finding in each["findings"]} <= set(RULES)


def certified(folder: Path, name: str) -> tuple[str, str]:
    """A key and its certificate, as files."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(subject, subject, key.public_key(), 1)
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .sign(key, SHA256())
    )
    (folder / f"{name}.key").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    (folder / f"{name}.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    return str(folder / f"{name}.key"), str(folder / f"{name}.pem")


def test_a_file_is_signed_and_verified_only_by_whom_is_trusted(tmp_path: Path) -> None:
    key, cert = certified(tmp_path, "kyiv")
    (tmp_path / "trust").mkdir()
    (tmp_path / "trust" / "kyiv.crt").write_bytes(Path(cert).read_bytes())
    (tmp_path / "others").mkdir()
    certified(tmp_path / "others", "other")
    signed, alone = str(tmp_path / "signed.xml"), tmp_path / "alone.xml"
    good = write(tmp_path, "good.xml", GOOD)

    tocsin("cap", "sign", good, "--key", key, "--cert", cert, "--out", signed)
    done = tocsin("cap", "verify", signed, "--trust", str(tmp_path / "trust"), "--out", str(alone), "--json")
    assert json.loads(done.stdout)["subject"] == "CN=kyiv"
    assert read_cap(alone.read_bytes()) == read_cap(GOOD.encode())
    assert verdicts(signed, code=0)[0]["valid"]

    strange = tocsin("cap", "verify", signed, "--trust", str(tmp_path / "others"), check=False)
    assert (strange.returncode, "no trusted certificate" in strange.stderr) == (1, True)
    unsigned = tocsin("cap", "verify", good, "--trust", str(tmp_path / "trust"), check=False)
    assert (unsigned.returncode, "not signed" in unsigned.stderr) == (1, True)


def test_a_trust_store_that_is_missing_empty_or_broken_exits_2(tmp_path: Path) -> None:
    good = write(tmp_path, "good.xml", GOOD)
    (tmp_path / "empty").mkdir()
    (tmp_path / "broken").mkdir()
    write(tmp_path / "broken", "broken.pem", "nothing")
    for folder in ("none", "empty", "broken"):
        done = tocsin("cap", "verify", good, "--trust", str(tmp_path / folder), check=False)
        assert done.returncode == 2
        assert folder in done.stderr


def test_an_alert_of_a_journal_is_exported_as_valid_cap(tmp_path: Path) -> None:
    city = str(tmp_path / "city")
    tocsin("city", "generate", "--out", city, "--scale", "0.01")
    with Server(tmp_path, "--city", city) as server:
        access = ("--url", server.url, "--token", server.token())
        tocsin("alert", "raise", KYIV, "--id", "k-1", "--threat", "drone", *access)
        tocsin("alert", "clear", "k-1", *access)
        server.stop()
    journal = ("--db", str(server.db), "--city", city)

    out = tmp_path / "alert.xml"
    tocsin("cap", "export", "k-1", "--sender", "alerts@kyiv.example", "--out", str(out), *journal)
    message = read_cap(out.read_bytes())
    assert (message.key.sender, message.type, message.status) == ("alerts@kyiv.example", "Update", "Exercise")
    assert all(info.responses == ("AllClear",) for info in message.infos)
    report = check_cap(out.read_bytes())
    assert (report.valid, report.schema_valid) == (True, True)

    first = tocsin("cap", "export", "k-1", "--revision", "1", *journal).stdout
    assert read_cap(first.encode()).type == "Alert"
    for arguments in (["k-2"], ["k-1", "--revision", "9"]):
        done = tocsin("cap", "export", *arguments, *journal, check=False)
        assert (done.returncode, "no such message" in done.stderr) == (2, True)


@pytest.fixture(scope="module")
def city_folder(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("city") / "city"
    generate_city(folder, 0.01, 1)
    return str(folder)


def test_files_are_imported_once_each_with_its_own_result(tmp_path: Path, city_folder: str) -> None:
    (tmp_path / "wind.xml").write_bytes(cap("wind"))
    (tmp_path / "hub.atom").write_bytes(
        b"<feed xmlns='http://www.w3.org/2005/Atom'><entry>"
        + cap("wind")
        + b"</entry><entry><link href='https://hub.example/a.xml'/></entry></feed>"
    )
    (tmp_path / "noise").write_bytes(b"<html>")
    files = [str(tmp_path / name) for name in ("wind.xml", "hub.atom", "noise")]
    journal = ("--db", str(tmp_path / "tocsin.db"), "--city", city_folder, "--json")

    done = tocsin("cap", "import", *files, *journal, check=False)
    assert done.returncode == 1
    one, feed, noise = json.loads(done.stdout)
    assert (one["received"], one["known"], one["rejected"], one["documents"][0]["identifier"]) == (1, 0, 0, "wind")
    assert (feed["received"], feed["linked"]) == (1, ["https://hub.example/a.xml"])
    assert (noise["rejected"], "well-formed" in noise["documents"][0]["reason"]) == (1, True)
    head = json.loads(tocsin("journal", "verify", "--db", str(tmp_path / "tocsin.db"), "--json").stdout)["position"]

    again = json.loads(tocsin("cap", "import", *files[:2], *journal).stdout)
    assert [(each["received"], each["known"]) for each in again] == [(0, 1), (0, 1)]
    after = json.loads(tocsin("journal", "verify", "--db", str(tmp_path / "tocsin.db"), "--json").stdout)["position"]
    assert after == head == 3


@pytest.mark.heavy
def test_with_a_trust_store_only_signed_alerts_are_imported(tmp_path: Path, city_folder: str) -> None:
    key, cert = certified(tmp_path, "meteo")
    (tmp_path / "trust").mkdir()
    (tmp_path / "trust" / "meteo.pem").write_bytes(Path(cert).read_bytes())
    (tmp_path / "plain.xml").write_bytes(cap("plain"))
    signed = str(tmp_path / "signed.xml")
    tocsin("cap", "sign", str(tmp_path / "plain.xml"), "--key", key, "--cert", cert, "--out", signed)

    files = (str(tmp_path / "plain.xml"), signed)
    options = ("--trust", str(tmp_path / "trust"), "--db", str(tmp_path / "tocsin.db"), "--city", city_folder, "--json")
    plain, good = json.loads(tocsin("cap", "import", *files, *options, check=False).stdout)
    assert "not signed" in plain["documents"][0]["reason"]
    assert good["received"] == 1


@pytest.mark.heavy
def test_an_import_of_a_missing_file_or_a_silent_feed_says_so(tmp_path: Path, city_folder: str) -> None:
    journal = ("--db", str(tmp_path / "tocsin.db"), "--city", city_folder)
    missing = tocsin("cap", "import", str(tmp_path / "none.xml"), *journal, check=False)
    assert (missing.returncode, "none.xml" in missing.stderr) == (2, True)
    silent = tocsin("cap", "import", f"http://127.0.0.1:{free_port()}/feed", *journal, check=False)
    assert (silent.returncode, "Traceback" in silent.stderr) == (3, False)
