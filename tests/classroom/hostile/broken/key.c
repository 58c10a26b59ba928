/* No C. */
int key_build(struct key *key {
