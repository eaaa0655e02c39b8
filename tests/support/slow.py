"""What `make test` leaves to `make test-slow`, by parts of the tests' names.

Browsers, servers that are killed or are processes of their own, a year of a shop, real photographs, the type checker:
together they take as long as all others.
"""

from __future__ import annotations

SLOW = (
    "api/test_demo.py",
    "api/test_readme.py",
    "api/test_serve.py",
    "catalog/test_import_catalog.py::test_the_sample_catalogue",
    "catalog/test_sheets_round.py::test_the_sample_catalogue",
    "console/browser/",
    "media/test_images.py::test_the_sample_pictures",
    "payments/test_killed.py",
    "scenarios/test_shared_scenarios.py::test_set_up_and_served",
    "tooling/test_checks.py::test_a_check_of_the_whole_project_finds_nothing[pyright]",
)
