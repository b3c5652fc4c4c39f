"""The type-ahead of One-Click Export finds what a look at every job would find, in the same order."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from landbridge.sandbox.linkedin.books import Posting
from landbridge.sandbox.linkedin.talent.type_ahead import JobIndex

WORD = st.text(alphabet="abTÉß- \0", max_size=6)


def posting(title: str, code: str) -> Posting:
    return Posting(number=1, fields={"title": title, "companyJobCode": code}, closed=False, expires_at=0, changed_at=0)


@given(jobs=st.dictionaries(WORD, st.tuples(WORD, WORD), max_size=12), typed=WORD)
def test_index_finds_what_a_look_at_every_job_finds(jobs: dict[str, tuple[str, str]], typed: str) -> None:
    def plain(text: str) -> str:
        return text.lower().replace("\0", " ")

    postings = {key: posting(*parts) for key, parts in jobs.items()}
    wanted = plain(typed.strip())
    parts = {key: (plain(title), key.lower(), plain(code)) for key, (title, code) in jobs.items()}
    fitting = [key for key, texts in parts.items() if any(wanted in text for text in texts)]
    fitting.sort(key=lambda key: (not parts[key][0].startswith(wanted), parts[key][0], key))
    assert list(JobIndex(postings).find(typed)) == fitting
