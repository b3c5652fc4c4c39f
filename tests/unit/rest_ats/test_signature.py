"""Signatures by the Standard Webhooks specification, against its own example."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

import pytest

from landbridge.connectors.rest_ats.signature import headers_of, key_of, new_secret
from landbridge.errors import SettingError

# The example with which the specification's own libraries test themselves.
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
EVENT, AT = "msg_p5jXN8AQM9LWM0D4loKWxJek", datetime.fromtimestamp(1614265330, UTC)
BODY = b'{"test": 2432232314}'
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_specification_s_example_is_signed_as_it_says() -> None:
    assert headers_of(EVENT, BODY, [SECRET], AT) == {
        "webhook-id": EVENT,
        "webhook-timestamp": "1614265330",
        "webhook-signature": SIGNATURE,
    }


def test_two_secrets_give_two_signatures_the_present_one_first() -> None:
    older = new_secret()
    both = headers_of(EVENT, BODY, [SECRET, older], AT)["webhook-signature"].split(" ")
    assert both == [SIGNATURE, headers_of(EVENT, BODY, [older], AT)["webhook-signature"]]
    assert both[0] != both[1]


def test_new_secret_is_what_the_specification_asks_for() -> None:
    first, second = new_secret(), new_secret()
    assert first != second
    assert first.startswith("whsec_")
    assert len(base64.b64decode(first.removeprefix("whsec_"), validate=True)) == 32


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_!!!!", "whsec_" + base64.b64encode(b"x" * 23).decode(), "é"])
def test_what_is_no_secret_is_refused_without_being_shown(secret: str) -> None:
    with pytest.raises(SettingError) as refused:
        key_of(secret)
    assert not secret or secret not in str(refused.value)
