import pytest

from simulator.wire import webhook


def test_the_standards_own_example_is_signed_as_it_says():
    """https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md"""
    key = webhook.key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    headers = webhook.signed(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330.9, b'{"test": 2432232314}')
    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


@pytest.mark.parametrize("secret", ["", "whsec_!", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_abc"])
def test_what_is_no_secret_is_refused_and_not_repeated(secret):
    with pytest.raises(ValueError, match="whsec_ and the key in base64") as caught:
        webhook.key(secret)
    assert not secret or secret not in str(caught.value)
