"""Actions of the changes view: committing files, reverting changes, what is compared with."""

from __future__ import annotations

import asyncio
import datetime
from collections.abc import Sequence
from typing import TYPE_CHECKING, cast, get_args

from itgov.tui.edits.asking import waits_for_answers
from itgov.tui.edits.proposing import Proposals

if TYPE_CHECKING:
    from itgov.files.changed_texts import ChangedText
    from itgov.files.git_changes import ChangedFile
    from itgov.files.linked import Linked
    from itgov.files.proposal import Proposal
    from itgov.tui.room_app import RoomApp
    from itgov.tui.state.room import Room
    from itgov.tui.views.changes import ChangesView


class ChangeActions:
    """Commits and reverts what the changes view lists."""

    def __init__(self, home: RoomApp, proposals: Proposals) -> None:
        self.home = home
        self.proposals = proposals

    @property
    def _view(self) -> ChangesView | None:
        navigation = self.home.navigation
        shown = navigation.view_name == "changes"
        return cast("ChangesView", navigation.view) if shown else None

    # -- committing ----------------------------------------------------------------------------

    @waits_for_answers
    async def do_commit(self) -> None:
        """Show what a commit of the marked files, or of all, takes and says; make it if wanted."""
        from itgov.files.git import GitError
        from itgov.files.git_commit import may_commit
        from itgov.tui.dialogs.commit import CommitDialog

        home, view, room = self.home, self._view, self.home.room
        if view is None or room is None:
            return
        await home.updates.until_read()
        await home.changes.until_read()
        if home.changes.why_nothing:
            home.say(f"commit: {home.changes.why_nothing}", "warning")
            return
        texts, listed = view.marked, home.changes.found
        files = [text.file for text in texts]
        refused = _cannot(files)
        try:
            branch = None if refused else may_commit(room.root)
        except GitError as error:
            refused = str(error)
        if refused:
            home.say(f"not committed: {refused}", "error")
            return
        left = len(listed.files) - len(files) if listed is not None else 0
        message, notes = self._message(files)
        dialog = CommitDialog(files, message, branch, left, notes)
        said: str | None = await home.push_screen_wait(dialog)
        if said is None:
            home.say("nothing committed")
            return
        if (other := _changed_meanwhile(room, texts)) is not None:
            home.say(f"not committed: {other} was changed meanwhile; look at it first", "warning")
            home.updates.reload()
            return
        home.run_worker(self._commit(view, room, files, said), group="commit")

    async def _commit(
        self, view: ChangesView, room: Room, files: Sequence[ChangedFile], said: str
    ) -> None:
        """Make a commit beside the screen, for hooks may take their time, and say what came of it."""
        from itgov.files.git import GitError
        from itgov.files.git_commit import commit

        home = self.home
        paths = [path for file in files for path in file.paths]
        home.say("Committing …")
        try:
            made = await asyncio.to_thread(commit, room.root, paths, said)
        except GitError as error:
            first = str(error).partition("\n")[0].removesuffix(":")
            home.say(f"not committed: {first}", "error")
            home.tell("Not committed", [((line, ""),) for line in str(error).split("\n")])
            return
        where = f"to {made.branch}" if made.branch is not None else "to no branch: HEAD is detached"
        more = f"; {made.note}" if made.note else ""
        home.say(f"committed {made.id[:10]} {where}{more}", "warning" if made.note else "ok")
        view.clear_all_marks()
        home.updates.reload()

    def _message(self, files: Sequence[ChangedFile]) -> tuple[str, list[str]]:
        """Return the message that is proposed, and what has to be known of it."""
        from itgov.insight.diff_files import FileDiffs
        from itgov.tui.state.commit_message import proposed_message

        diffs = self.home.changes.diffs
        paths = [path for file in files for path in file.paths]
        if isinstance(diffs, FileDiffs):
            return proposed_message(files, diffs.of(*paths)), []
        why = diffs or "the portfolio is still being compared"
        return proposed_message(files, None), [f"! What changed is not in the message: {why}"]

    # -- reverting -----------------------------------------------------------------------------

    @waits_for_answers
    async def do_revert(self) -> None:
        """Offer to take back the selected change, or all of the marked or selected files."""
        from itgov.files.git import GitError
        from itgov.files.reverting import revert_files, revert_hunk

        view, room, found = self._view, self.home.room, self.home.changes.found
        if view is None or room is None or found is None:
            return
        row, change = view.row, view.change
        to = "the last commit" if found.base.commit is None else f"how it was: {found.base.label}"
        files = [text.file for text in view.chosen]

        def make(_: Linked) -> Proposal:
            if row is not None and change is not None and row.text.file.state != "deleted":
                name = " of ".join(filter(None, (change.field, change.record)))
                return revert_hunk(room.root, row.text, change.hunk, name or f"line {change.line}")
            return revert_files(room.root, files, to)

        try:
            await self.proposals.offer(make)
        except GitError as refused:
            self.home.say(f"not reverted: {refused}", "error")

    # -- what is compared with -----------------------------------------------------------------

    @waits_for_answers
    async def do_compare_with(self, argument: str = "") -> None:
        """Choose what the files are compared with; or take what is typed: a moment, a revision, a day."""
        from itgov.insight.diff_bases import BaseKind
        from itgov.tui.background.uncommitted import WantedBase

        room = self.home.room
        if room is None:
            return
        kind = argument.strip() or await self._chosen_kind(room)
        if kind is None:
            return
        revision = ""
        if kind not in get_args(BaseKind):
            kind, revision = "revision", kind
        elif kind == "revision":
            asked = await self._asked_revision(room)
            if asked is None:
                return
            revision = asked
        self.home.changes.compare_with(WantedBase(cast("BaseKind", kind), revision))
        if self._view is not None:
            self._view.show_changes()

    async def _chosen_kind(self, room: Room) -> str | None:
        from itgov.tui.dialogs.picker import NAMES, Choice, choice_picker

        yesterday = room.today - datetime.timedelta(days=1)
        choices = (
            Choice("uncommitted", "The last commit: what is not committed"),
            Choice("last-commit", "The commit before the last"),
            Choice("yesterday", f"The end of yesterday, {yesterday}"),
            Choice("review", "The last review session"),
            Choice("revision", "A revision or a day that you type"),
        )
        current = self.home.changes.wanted.kind
        picker = choice_picker("Compare with", choices, NAMES, current=current)
        answer: str | None = await self.home.push_screen_wait(picker)
        return answer

    async def _asked_revision(self, room: Room) -> str | None:
        from itgov.tui.dialogs.form import Ask, Form

        help_text = "main, v1.2, HEAD~3, 3f2a1b2, 2026-11-20"
        form = Form(
            "Compare with",
            (Ask(id="revision", label="revision or day", help=help_text),),
            (),
            room.today,
        )
        given = await self.home.push_screen_wait(form)
        return given["revision"] if given is not None else None


def _cannot(files: Sequence[ChangedFile]) -> str | None:
    """Return why files cannot be committed as they are, or None."""
    for file in files:
        if file.state == "conflict":
            return f"{file.path} is in conflict: resolve it, then `git add` it"
        if file.staged == "partly":
            return f"{file.path} was changed since it was staged: `git add` it, or `git restore --staged` it"
    return None


def _changed_meanwhile(room: Room, texts: Sequence[ChangedText]) -> str | None:
    """Return the first file that is no longer what was shown, or None."""
    from itgov.files.changed_texts import current

    for text in texts:
        try:
            if text.kind == "text" and current(room.root, text.file.path) != text.after:
                return text.file.path
        except OSError:
            return text.file.path
    return None
