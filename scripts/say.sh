# Sourced by the scripts: how they speak to a person.

say() { printf '%s\n' "$*"; }

# refuse SENTENCE...: the one sentence that says what is wrong and what helps.
refuse() {
  printf '%s\n' "$*" >&2
  exit 1
}
