"""A school register in memory."""

from adapters.schools import SAMPLE, NoSuchSchool
from domain.school import School


class Schools:
    """Schools by number; a test may put another in at any moment."""

    def __init__(self, *schools: School) -> None:
        self.by_number = {school.id: school for school in schools or (SAMPLE,)}

    def school(self, school: str) -> School:
        """The school of that number."""
        if school not in self.by_number:
            raise NoSuchSchool
        return self.by_number[school]
