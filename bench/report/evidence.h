/*
 * evidence.h - what the page shows beside compare.json: the two files of a lesson line by line
 * with the cost of each line, flame graphs, and memory over time.
 *
 * It is read out of a results folder's raw files, and holds, in the units of compare.json:
 *
 *   code[]    lesson, records (how many the counts are divided by), naive and fixed: path, raw (the
 *             file that the counts are from), text[] (its lines), and by line self[] and all[]
 *             (instructions a record, without and with what the line calls; null: none) and bytes[]
 *             (from the heap, a record; null where DHAT was not run), samples[] (CPU time in ns a
 *             record, with what the line calls; null without a CPU profile), sample_count (all of
 *             the profile's); pairs[]: [naive line, fixed
 *             line, is_same], from 1, 0 where a side has none; functions[]: name, naive, fixed
 *             (lines), naive_ir, fixed_ir (a record, all that it calls included)
 *   flames[]  id, title, unit, tool, records, naive and fixed (raw files, or null), root: a tree of
 *             [name, naive, fixed, children]
 *   curves[]  tool, title, time_unit, series[]: build, points[]: [time, bytes]
 *   timelines[] build, side, raw, threads[]: what each did, pieces of [start, end, state] in
 *             nanoseconds from the first on; a state is "runs", "database", "waits" or "holds"
 *   missing[] what, why: what could not be read
 *
 * Of two commands (compare.json has a `subject`) a run is divided by nothing: records is 1, the
 * units are Ir and B, and code[] are those sources of theirs that cost most, of the lesson
 * `instructions`.
 *
 * Everything may be absent: a run of one lesson has less of it, and an older folder too.
 */
#ifndef EVIDENCE_H
#define EVIDENCE_H

#include <cjson/cJSON.h>

/*
 * Of the folder with compare.json and raw/, whose document this is. Sources are read where the
 * profiles say they are, or else below the working folder. For cJSON_Delete().
 */
cJSON *evidence_new(const char *folder, const cJSON *document);

#endif
