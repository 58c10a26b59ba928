/*
 * journal.h - a journal of what happened, a line each, to standard output. Both sides write the
 * same lines; they hand them to the system at other times.
 */
#ifndef JOURNAL_H
#define JOURNAL_H

/* One line. 0, or -1 with errno. */
int journal_write(unsigned number, const char *event, double value);

/* No more lines will come: all are written once it returns 0; -1 with errno. */
int journal_close(void);

#endif
