"""Every file of the fuzzing corpus is read or refused."""

import pytest

from tests.fuzzing.readers import CORPUS, READERS, try_reading


@pytest.mark.parametrize("name", READERS)
def test_the_corpus_is_read_or_refused(name: str) -> None:
    files = sorted((CORPUS / name).iterdir())
    assert files
    for file in files:
        try_reading(name, file.read_bytes())
