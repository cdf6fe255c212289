"""What is said of a row's division code and name."""

from __future__ import annotations

from typing import Final

from geo.intake.sentences import message

CODE_FROM_NAME: Final = message("divisions.division_code_from_name")
TOWNSHIP_OF_VILLAGE: Final = message("divisions.township_of_village")
VILLAGE_UNKNOWN: Final = message("divisions.village_not_known")
NAME_ELSEWHERE: Final = message("divisions.division_of_other_district")
NAME_MISSPELT: Final = message("divisions.division_name_misspelt")
CODE_WAS_NUMBER: Final = message("divisions.division_code_was_number")
CODE_STATISTICAL: Final = message("divisions.division_code_statistical")
CODE_OF_VILLAGE: Final = message("divisions.division_code_of_village")
CODE_FORMER: Final = message("divisions.division_code_former")
CODE_FORMER_UNSURE: Final = message("divisions.division_code_former_unsure")
CODE_COARSE: Final = message("divisions.division_code_coarse")
CODE_COARSE_WITH_NAME: Final = message("divisions.division_code_completed")
CODE_OUTSIDE: Final = message("divisions.division_code_outside")
CODE_REPAIRED: Final = message("divisions.division_code_damaged")
CODE_INCOMPLETE: Final = message("divisions.division_code_incomplete")
CODE_UNREADABLE: Final = message("divisions.division_code_unreadable")
CODE_UNKNOWN: Final = message("divisions.division_code_unknown")
NAME_UNKNOWN: Final = message("divisions.division_name_unknown")
NAME_AMBIGUOUS: Final = message("divisions.division_name_ambiguous")
NAME_CONTRADICTS_ITSELF: Final = message("divisions.division_name_contradiction")
CONFLICT: Final = message("divisions.division_conflict")
