"""Presets as files: one JSON file each, written whole, never over somebody else's."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec

from ..errors import PresetError, PresetNotFound
from ..model import Preset, PresetListing, SavedPreset
from ..rundir import files
from . import folders
from .decoding import decode_preset, encode_preset
from .names import check_module, check_name

OWN = "own"
PROJECT = "project"
_ENDING = ".json"


class PresetStore:
    """The presets of a home folder, and those that a project shares (read only).

    Args:
        home: the home folder; presets are in ``presets/<module>/<name>.json``.
        project: the project's folder, with the same below it.
    """

    def __init__(self, home: Path, project: Path) -> None:
        self._roots = {OWN: home, PROJECT: project}
        if project == home:
            del self._roots[PROJECT]

    def listings(self, module: str) -> tuple[PresetListing, ...]:
        """The presets of a module, by name; one of the project may bear one's own name.

        Raises:
            ModuleNotFound: that is no module's name.
            PresetError: a folder cannot be read, or is a link.
        """
        check_module(module)
        rows = [row for place in self._roots for row in self._rows(module, place)]
        return tuple(sorted(rows, key=lambda row: (row.name.casefold(), row.place)))

    def load(self, module: str, name: str, place: str = "") -> SavedPreset:
        """A preset.

        Args:
            module: dotted name.
            name: what it is called.
            place: ``own`` or ``project``; where not given, one's own goes first.

        Raises:
            PresetNotFound: there is none.
            PresetError: it cannot be read; the message names file and line.
        """
        check_module(module)
        name = check_name(name)
        for each in self._places(place):
            with contextlib.suppress(FileNotFoundError):
                return self._read(module, name, each)
        raise _not_found(module, name)

    def save(self, preset: Preset, expected: str = "") -> SavedPreset:
        """Write a preset into the home folder.

        Args:
            preset: what to write; its times are set here.
            expected: the fingerprint of what it replaces; empty for a new one.

        Raises:
            PresetError: somebody else has saved one of that name meanwhile, or it
                cannot be written; nothing was changed.
        """
        check_module(preset.module)
        now = time.time()
        preset = msgspec.structs.replace(
            preset,
            name=check_name(preset.name),
            created=preset.created or now,
            modified=now,
        )
        data = encode_preset(preset)
        with self._writing(preset.module) as fd:
            self._refuse_change(fd, preset, expected)
            files.write_atomic(fd, preset.name + _ENDING, data)
        return self._saved(preset, OWN, data)

    def rename(self, module: str, name: str, new: str) -> SavedPreset:
        """Give one's own preset another name.

        Raises:
            PresetNotFound: there is none.
            PresetError: there is one of the new name.
        """
        found = self.load(module, name, OWN)
        new = check_name(new)
        before = found.preset.name
        if new == before:
            return found
        preset = msgspec.structs.replace(found.preset, name=new)
        data = encode_preset(preset)
        with self._writing(module) as fd:
            self._refuse_change(fd, found.preset, found.fingerprint)
            self._refuse_twin(fd, new, besides=before)
            files.write_atomic(fd, new + _ENDING, data)
            os.unlink(before + _ENDING, dir_fd=fd)
        return self._saved(preset, OWN, data)

    def delete(self, module: str, name: str) -> None:
        """Take one's own preset away; ``restore`` brings the last one back.

        Raises:
            PresetNotFound: there is none.
            PresetError: it cannot be taken away.
        """
        check_module(module)
        name = check_name(name)
        try:
            with self._writing(module, make=False) as fd:
                _move(fd, name + _ENDING, _deleted(name))
        except FileNotFoundError:
            raise _not_found(module, name) from None

    def restore(self, module: str, name: str) -> SavedPreset:
        """Bring a deleted preset back.

        Raises:
            PresetNotFound: none of that name was deleted.
            PresetError: there is one of that name again.
        """
        check_module(module)
        name = check_name(name)
        try:
            with self._writing(module, make=False) as fd:
                self._refuse_twin(fd, name)
                _move(fd, _deleted(name), name + _ENDING)
        except FileNotFoundError:
            raise _not_found(module, name) from None
        return self._read(module, name, OWN)

    def _places(self, place: str) -> list[str]:
        if place and place not in self._roots:
            raise PresetError(
                f"There is no place {place!r} for presets.",
                f"Use {' or '.join(self._roots)}.",
            )
        return [place] if place else list(self._roots)

    def _rows(self, module: str, place: str) -> Iterator[PresetListing]:
        try:
            with folders.opened_folder(self._roots[place], module) as fd:
                names = [name for name in folders.names(fd) if _is_preset(name)]
        except FileNotFoundError:
            return
        for file_name in names:
            with contextlib.suppress(FileNotFoundError):
                yield self._row(module, file_name.removesuffix(_ENDING), place)

    def _row(self, module: str, name: str, place: str) -> PresetListing:
        try:
            check_name(name)
            preset = self._read(module, name, place).preset
        except PresetError as error:
            path = self._path(module, name, place)
            said = error.message.replace(str(path), path.name)
            return PresetListing(name=name, module=module, place=place, problem=said)
        return PresetListing(
            name=name,
            module=module,
            place=place,
            description=preset.description,
            requested_by=preset.requested_by,
            modified=preset.modified,
        )

    def _path(self, module: str, name: str, place: str) -> Path:
        folder = self._roots[place] / folders.FOLDER / module
        return folder / f"{name}{_ENDING}"

    def _read(self, module: str, name: str, place: str) -> SavedPreset:
        path = self._path(module, name, place)
        with folders.opened_folder(self._roots[place], module) as fd:
            data = folders.read_file(fd, name + _ENDING, path)
        preset = decode_preset(data, str(path))
        # A file that was copied by hand is called what its copy is called.
        preset = msgspec.structs.replace(preset, name=name, module=module)
        return self._saved(preset, place, data)

    def _saved(self, preset: Preset, place: str, data: bytes) -> SavedPreset:
        path = self._path(preset.module, preset.name, place)
        return SavedPreset(
            preset=preset, place=place, path=str(path), fingerprint=_fingerprint(data)
        )

    @contextlib.contextmanager
    def _writing(self, module: str, *, make: bool = True) -> Iterator[int]:
        path = self._roots[OWN] / folders.FOLDER / module
        try:
            with (
                folders.opened_folder(self._roots[OWN], module, make=make) as fd,
                folders.locked(fd),
            ):
                yield fd
        except FileNotFoundError:
            raise
        except OSError as error:
            raise folders.unusable(path, error) from error

    def _refuse_change(self, fd: int, preset: Preset, expected: str) -> None:
        """Refuse to write over what somebody else has written since it was read."""
        path = self._path(preset.module, preset.name, OWN)
        try:
            now = _fingerprint(folders.read_file(fd, preset.name + _ENDING, path))
        except FileNotFoundError:
            now = ""
        if now == expected:
            if not now:
                self._refuse_twin(fd, preset.name)
            return
        if not expected:
            raise PresetError(
                f"There is a preset {preset.name} already.",
                "Load it first, or save under another name.",
            )
        what = "changed" if now else "deleted"
        raise PresetError(
            f"{preset.name} was {what} by somebody else; nothing was written.",
            "Load it again, or save yours under another name.",
        )

    def _refuse_twin(self, fd: int, name: str, besides: str = "") -> None:
        """Refuse a name that another has but for upper and lower case."""
        folded = (name + _ENDING).casefold()
        for other in folders.names(fd):
            if other.casefold() == folded and other != besides + _ENDING:
                raise PresetError(
                    f"There is a preset {other.removesuffix(_ENDING)} already.",
                    "Choose another name, or delete that one first.",
                )


def _is_preset(file_name: str) -> bool:
    return file_name.endswith(_ENDING) and not file_name.startswith(".")


def _deleted(name: str) -> str:
    return f".{name}{_ENDING}.deleted"


def _move(fd: int, source: str, target: str) -> None:
    os.rename(source, target, src_dir_fd=fd, dst_dir_fd=fd)
    os.fsync(fd)


def _fingerprint(data: bytes) -> str:
    import hashlib  # OpenSSL takes 10 ms to load: listing runs need not wait for it

    return hashlib.sha256(data).hexdigest()


def _not_found(module: str, name: str) -> PresetNotFound:
    return PresetNotFound(
        f"There is no preset {name} for {module}.",
        f"List them with `opsdash presets {module}`.",
    )
