"""What schemathesis needs to know of the relay: how CBOR is written, and mailboxes whose tokens it could never guess."""

from hashlib import sha256

import cbor2
import schemathesis
from schemathesis import GenerationMode
from schemathesis.transport.serialization import Binary


def to_wire(value):
    """Returns what is encoded: integer keys, and bytes where the document says so."""
    if isinstance(value, Binary):
        return value.data
    if isinstance(value, dict):
        return {int(key) if key.isdecimal() else key: to_wire(item) for key, item in value.items()}
    return [to_wire(item) for item in value] if isinstance(value, list) else value


def from_wire(value):
    """Returns what the document describes; a byte becomes a character, so that lengths stay what they are."""
    if isinstance(value, bytes):
        return value.decode("latin-1")
    if isinstance(value, dict):
        return {str(key): from_wire(item) for key, item in value.items()}
    return [from_wire(item) for item in value] if isinstance(value, list) else value


def token_for(case):
    """Returns one of four tokens for every other well-formed call."""
    chance = sha256(repr(case.body).encode()).digest()[0]
    well_formed = case.meta and case.meta.generation.mode is GenerationMode.POSITIVE
    return bytes([chance % 8]) * 32 if well_formed and isinstance(case.body, dict) and chance % 2 else None


@schemathesis.hook
def before_call(_context, case, _kwargs):
    """Names a mailbox that may be there."""
    token = token_for(case)
    if token and case.path_parameters:
        case.path_parameters["id"] = sha256(token).hexdigest()


@schemathesis.serializer("application/cbor")
def encode(context, value):
    """Encodes a body, with what opens the mailbox; what is bytes as a whole goes as it is."""
    if isinstance(value, bytes):
        return value
    token, body = token_for(context.case), to_wire(value)
    if token and context.case.path_parameters:
        owner = sha256(token).digest()
        body[0] = sha256(owner).digest() if context.case.method == "PUT" else owner
    elif token:
        body[0] = [{**mailbox, 0: token} for mailbox in body[0]]
    return cbor2.dumps(body)


@schemathesis.deserializer("application/cbor")
def decode(_context, response):
    """Decodes an answer."""
    return from_wire(cbor2.loads(response.content))
