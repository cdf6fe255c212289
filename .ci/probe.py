"""Ask the service of README's first line for its figures; exit 1 while it does not answer."""

import json
import sys
import urllib.error
import urllib.request

try:
    with urllib.request.urlopen("http://127.0.0.1:8000/study", timeout=10) as answer:
        study = json.load(answer)
except (urllib.error.URLError, ConnectionError, TimeoutError):
    sys.exit(1)
district = study["district"]
if district["district_code"] != "430503" or study["demonstration"] is not True:
    sys.exit(f"served, but not the demonstration district: {district}")
print("served:", district["name_zh"], district["area_per_10k_m2"], "m2 per 10,000 residents")
