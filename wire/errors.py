"""What a reader of the wire can be told; one sentence each."""


class WireError(ValueError):
    """The message breaks the contract: keep a copy, count it, go on."""


class SignatureError(WireError):
    """The message was not signed by whom it names: keep a copy, answer nothing."""
