"""What tests of every kind share: databases, migrated and fresh for each test, and the way to ../shared.

JIFEN_TEST_POSTGRES names a PostgreSQL server to use instead of our own; "skip" leaves PostgreSQL out, and
nothing else does.
"""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from argon2 import PasswordHasher
from hypothesis import settings

from tests.support import postgres
from tests.support.databases import Databases, PostgresDatabases, SqliteDatabases
from tests.support.slow import SLOW

if TYPE_CHECKING:
    from kernel.database import Database
    from tests.doubles.stripe.running import StripeDouble
    from tests.support.shop import PlayShop

SHARED = Path(__file__).resolve().parents[2] / "shared"

DIALECTS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]

# The same examples each time, so that a build fails for a change and not by chance; "explore" looks for new ones.
settings.register_profile("ci", derandomize=True, deadline=None, max_examples=60, database=None)
settings.register_profile("explore", deadline=None, max_examples=500)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))

# A demo shop; the browser.
TOGETHER = {"api/test_demo.py": "demo", "api/test_readme.py": "demo", "console/browser/": "browser"}

# What takes longest begins first, so that no worker is left alone with it at the end.
FIRST = ("tooling/test_checks.py", "console/browser/", "payments/test_killed.py", "api/test_demo.py", "properties/")

# Linux keeps this folder in memory.
MEMORY = Path("/dev/shm")  # noqa: S108 - it is where temporary files go, under names of their own

QUICK_RENDITIONS = {"webp": {"quality": 80, "method": 0}, "jpg": {"quality": 82}}

_postgres_folder = pytest.StashKey[Path]()
_torn_down = count(1)


def pytest_configure(config: pytest.Config) -> None:
    # It takes a tenth of the time; see `pytest_runtest_teardown`.
    gc.disable()
    if _is_roomy(MEMORY):
        # Nothing there waits for a disk. Processes that tests start write there too.
        os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)
    # The settings of the developer's own shop are not the tests' business.
    for name in [name for name in os.environ if name.startswith("JIFEN_") and name != "JIFEN_TEST_POSTGRES"]:
        del os.environ[name]
    told = getattr(config, "workerinput", {}).get("postgres_folder")
    config.stash[_postgres_folder] = Path(told) if told else postgres.new_folder()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def place(item: pytest.Item) -> int:
        return next((place for place, part in enumerate(FIRST) if part in item.nodeid), len(FIRST))

    items.sort(key=place)
    for item in items:
        if any(part in item.nodeid for part in SLOW):
            item.add_marker(pytest.mark.slow)


def pytest_collection_finish() -> None:
    _tidy_memory()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown() -> None:
    """Memory is tidied every so many tests, and not in their midst."""
    if next(_torn_down) % 100 == 0:
        _tidy_memory()


def _tidy_memory() -> None:
    """What has been loaded, or is kept from test to test, is not looked through again the next time."""
    gc.collect()
    gc.freeze()


def _is_roomy(folder: Path) -> bool:
    """Databases and files of a whole run take 0.2 GB."""
    return os.access(folder, os.W_OK) and shutil.disk_usage(folder).free > 2**30


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node) -> None:
    """All workers of pytest-xdist use the one server."""
    node.workerinput["postgres_folder"] = str(node.config.stash[_postgres_folder])


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log):
    """Deals tests out one by one, as workers are free; but what shares something dear stays with one worker."""
    from xdist.scheduler import LoadScopeScheduling

    class Dealing(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return next((kept for part, kept in TOGETHER.items() if part in nodeid), nodeid)

    return Dealing(config, log)


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        postgres.stop(config.stash[_postgres_folder])


@pytest.fixture(scope="session", autouse=True)
def strong_hasher() -> Iterator[PasswordHasher]:
    """The shop's own, which takes a tenth of a second for each password. In its place stands one as weak as can be."""
    from staff import accounts

    strong, accounts._hasher = accounts._hasher, PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    yield strong
    accounts._hasher = strong


@pytest.fixture(scope="session", autouse=True)
def careful_renditions() -> Iterator[Mapping[str, Mapping[str, object]]]:
    """How the shop packs pictures: tightly, which takes most of the time. In its place stands what is done sooner."""
    from media import images

    careful, images._RENDITION = images._RENDITION, {**images._RENDITION, **QUICK_RENDITIONS}
    yield careful
    images._RENDITION = careful


@pytest.fixture(scope="session")
def sqlite_databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    databases = SqliteDatabases(tmp_path_factory.mktemp("sqlite"))
    yield databases
    databases.close()


@pytest.fixture(scope="session")
def postgresql_databases(request: pytest.FixtureRequest) -> Iterator[Databases]:
    wish = os.environ.get("JIFEN_TEST_POSTGRES")
    if wish == "skip":
        pytest.skip("JIFEN_TEST_POSTGRES=skip leaves PostgreSQL out")
    databases = PostgresDatabases(wish or postgres.start(request.config.stash[_postgres_folder]))
    yield databases
    databases.close()


@pytest.fixture(params=DIALECTS)
def databases(request: pytest.FixtureRequest) -> Databases:
    """SQLite and PostgreSQL in turn."""
    return request.getfixturevalue(f"{request.param}_databases")


@pytest.fixture
def empty_database_url(databases: Databases) -> Iterator[str]:
    """A database without tables, on each of both."""
    with databases.empty() as url:
        yield url


@pytest.fixture
def database_url(databases: Databases) -> Iterator[str]:
    """A migrated database of the test's own, on each of both."""
    with databases.migrated() as url:
        yield url


@pytest.fixture
def db(databases: Databases, database_url: str) -> Database:
    return databases.opened(database_url)


@pytest.fixture
def shop(db: Database) -> PlayShop:
    """A shop under the reference program, at nine in the morning of 2026-01-01, on each of both."""
    from tests.support.shop import PlayShop

    return PlayShop(db)


@pytest.fixture(scope="session")
def shared() -> Callable[[str], Path]:
    """Finds what lies beside the repository: `shared("programs/vancl.json")`. Skips where it is missing."""

    def find(path: str) -> Path:
        found = SHARED / path
        if not found.exists():
            pytest.skip(f"../shared/{path} is not here")
        return found

    return find


@pytest.fixture(scope="session")
def stripe_server() -> Iterator[StripeDouble]:
    """The double of Stripe, one for all tests of a run."""
    from tests.doubles.stripe.running import StripeDouble

    with StripeDouble() as double:
        yield double


@pytest.fixture
def stripe_double(stripe_server: StripeDouble) -> StripeDouble:
    """The double of Stripe, with nothing in it."""
    stripe_server.tell("reset")
    return stripe_server
