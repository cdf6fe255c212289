import pytest

from api.cli.exit_codes import EXIT_CODE, exit_code
from api.web.errors import HTTP_STATUS, http_status
from geo.core import errors
from geo.core.errors import KepuError

TREE = [
    item for item in vars(errors).values() if isinstance(item, type) and issubclass(item, KepuError)
]


@pytest.mark.parametrize("cls", TREE)
def test_every_error_has_a_status_and_a_code(cls: type[KepuError]) -> None:
    error = cls(zh="错", en="wrong")
    assert 400 <= int(http_status(error)) < 600
    assert 1 <= exit_code(error) <= 113


def test_a_subclass_without_an_entry_takes_its_parents() -> None:
    assert errors.EmptyFileError not in EXIT_CODE
    assert exit_code(errors.EmptyFileError(zh="", en="")) == EXIT_CODE[errors.InputError]
    assert http_status(errors.StoreBusyError(zh="", en="")) == 503
    assert HTTP_STATUS[KepuError] == 500
