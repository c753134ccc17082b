"""What a school is called on the pages about people: its name with its number, or every school."""

from adapters.schools import NoSuchSchool, SchoolFileWrong
from adapters.web.site import Site


def school_name(site: Site, school: str | None) -> str:
    """The name of a school with its number; the number alone where its file is missing or cannot be read."""
    if school is None:
        return "every school"
    try:
        return f"{site.tocsin.schools.school(school).name} ({school})"
    except (NoSuchSchool, SchoolFileWrong):
        return f"school {school}"
