"""Opened keys, how one is wrapped under another, and the root keys in their files (docs/architecture.md, Keys).

What is wrapped or sealed says under which version: the byte 2, the version in two bytes, nonce, ciphertext; the version
is in the additional data too. What was made before there were versions lacks the first three bytes, or begins with the
byte 1, and is of version 1.
"""

from __future__ import annotations

import hmac
import os
import re
from collections.abc import Mapping
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from services.kit.errors import Unavailable

KEY_BYTES = 32
FIRST = 1
_NONCE = 12
_TAG = 16
_VERSIONED = b"\x02"
_HEAD = 3
# A wrapped key has one length, so a random nonce can never be taken for a head.
_WRAPPED_BEFORE = _NONCE + KEY_BYTES + _TAG


class Key:
    """An opened key. `wipe` overwrites it: from then on using it is an error.

    That is all Python can promise: what the interpreter and the cipher copied meanwhile is only freed, not overwritten,
    and memory may have been swapped out.
    """

    __slots__ = ("_bytes",)

    def __init__(self, raw: bytes) -> None:
        if len(raw) != KEY_BYTES:
            raise ValueError(f"a key must be {KEY_BYTES} bytes")
        self._bytes: bytearray | None = bytearray(raw)

    @classmethod
    def new(cls) -> Key:
        """A random one."""
        return cls(os.urandom(KEY_BYTES))

    def encrypt(self, plain: bytes, aad: bytes) -> bytes:
        """Nonce and ciphertext (AES-256-GCM)."""
        nonce = os.urandom(_NONCE)
        return nonce + AESGCM(self._opened()).encrypt(nonce, plain, aad)

    def decrypt(self, sealed: bytes, aad: bytes) -> bytes:
        """The reverse; raises cryptography's InvalidTag on any change."""
        return AESGCM(self._opened()).decrypt(sealed[:_NONCE], sealed[_NONCE:], aad)

    def digest(self, message: bytes) -> bytes:
        """HMAC-SHA-256 of a message: 32 bytes."""
        return hmac.digest(self._opened(), message, "sha256")

    def wrap(self, key: Key, version: int, aad: bytes) -> bytes:
        """Encrypt another key under this one, which is of `version`."""
        return head_of(version) + self.encrypt(bytes(key._opened()), aad)

    def unwrap(self, wrapped: bytes, aad: bytes) -> Key:
        """The reverse of `wrap`; raises InvalidTag on any change."""
        return Key(self.decrypt(wrapped if len(wrapped) == _WRAPPED_BEFORE else wrapped[_HEAD:], aad))

    def wipe(self) -> None:
        """Overwrite it; may be repeated."""
        if self._bytes is not None:
            self._bytes[:] = bytes(len(self._bytes))
        self._bytes = None

    def _opened(self) -> bytearray:
        if self._bytes is None:
            raise RuntimeError("this key was wiped")
        return self._bytes


def head_of(version: int) -> bytes:
    """The first bytes of what is wrapped or sealed under a version."""
    return _VERSIONED + version.to_bytes(_HEAD - 1, "big")


def wrapped_under(wrapped: bytes) -> int | None:
    """The version of the key a key is wrapped under; None for one from before there were versions (the first)."""
    return None if len(wrapped) == _WRAPPED_BEFORE else int.from_bytes(wrapped[1:_HEAD], "big")


def sealed_under(sealed: bytes) -> tuple[int, bytes]:
    """The version of the key a text is sealed under, and what comes after the head."""
    if sealed[:1] == _VERSIONED:
        return int.from_bytes(sealed[1:_HEAD], "big"), sealed[_HEAD:]
    return FIRST, sealed[1:]


class RootKeys:
    """A service's root keys by version: `<file>` is the first, `<file>.2` the second, and so on; the last is used.

    A file that came since the start is found when it is needed, or at `reread`. A version is gone when its file is.
    """

    def __init__(self, keys: Mapping[int, Key], file: Path | None = None) -> None:
        self._keys = dict(keys)
        self._file = file
        self._derived: dict[tuple[bytes, int], Key] = {}

    @classmethod
    def from_file(cls, file: Path) -> RootKeys:
        """Of the files there are. Raises FileNotFoundError without any, ValueError where one is not 32 bytes."""
        roots = cls({}, file)
        roots.reread()
        if not roots._keys:
            raise FileNotFoundError(file)
        return roots

    def reread(self) -> None:
        """Take up what files there are now that were not known."""
        if self._file is None:
            return
        for version, file in root_key_files(self._file).items():
            if version not in self._keys:
                self._keys[version] = Key(file.read_bytes())

    @property
    def newest(self) -> tuple[int, Key]:
        """The version to wrap under, and its key."""
        version = max(self._keys)
        return version, self._keys[version]

    def of(self, version: int) -> Key:
        """The key of a version; raises Unavailable where its file is missing."""
        if version not in self._keys:
            self.reread()
        if version not in self._keys:
            raise Unavailable(f"the root key of version {version} is not there")
        return self._keys[version]

    def derived(self, purpose: bytes, version: int | None = None) -> tuple[int, Key]:
        """A key for one purpose, of a version or of the newest, which tells nothing of the root key; and the version.

        Raises Unavailable where that root key's file is missing.
        """
        version = max(self._keys) if version is None else version
        name = (purpose, version)
        if name not in self._derived:
            self._derived[name] = Key(self.of(version).digest(purpose))
        return version, self._derived[name]

    def add(self) -> int:
        """Make the next version, in a file of its own that only its owner reads; returns it."""
        if self._file is None:
            raise ValueError("these root keys have no file")
        self.reread()
        version = self.newest[0] + 1
        place = self._file.with_name(f"{self._file.name}.{version}")
        unfinished = place.with_name(f".{place.name}.new")
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(os.urandom(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        # A link refuses what is there already: of two that make the same version one wins, and both use its key.
        try:
            os.link(unfinished, place)
        except FileExistsError:
            pass
        finally:
            unfinished.unlink()
        self.reread()
        return version

    def wipe(self) -> None:
        """Overwrite them all."""
        for key in (*self._keys.values(), *self._derived.values()):
            key.wipe()


def root_key_files(file: Path) -> dict[int, Path]:
    """The files of a service's root keys, by version."""
    found = {FIRST: file} if file.exists() else {}
    for sibling in file.parent.glob(f"{file.name}.*"):
        if (match := re.fullmatch(r"(\d{1,4})", sibling.name.removeprefix(f"{file.name}."))) and int(match[1]) > FIRST:
            found[int(match[1])] = sibling
    return found
