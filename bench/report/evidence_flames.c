/*
 * evidence_flames.c - trees of who called whom and what it cost, the naive and the fixed program's
 * in one, so that what is in one of them alone is seen from the other.
 *
 * DHAT knows whole stacks. Callgrind knows pairs of caller and callee: below the second level a
 * function's cost is divided among its callers in proportion to what each call of it cost, as
 * every viewer of such profiles has to.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/lesson.h"
#include "bench/readers/dhat.h"
#include "bench/readers/json.h"
#include "bench/readers/text.h"
#include "bench/report/evidence_parts.h"

enum { DEPTH_MAX = 48, NODES_MAX = 4000, SIDES = 2 };

/* What is less than this part of the whole is left in its caller. */
static const double smallest = 0.0005;

/* In one array, the children of a node as a list. Node 0 is the root. */
struct node {
    const char *name; /* belongs to a profile */
    double value[SIDES];
    uint32_t child, next; /* 0: none */
};

struct tree {
    struct node nodes[NODES_MAX];
    uint32_t count;
    struct names names; /* those that are not as a profile has them */
};

/* Of lessons; of commands all that has no caller is below one root. */
static const char root_name[] = "worker_process", command_root[] = "all";

static struct tree *tree_new(const struct evidence *evidence)
{
    struct tree *tree = calloc(1, sizeof *tree);
    if (tree != NULL)
        tree->nodes[tree->count++].name = evidence->is_pair ? command_root : root_name;
    return tree;
}

static void tree_delete(struct tree *tree)
{
    if (tree != NULL)
        names_free(&tree->names);
    free(tree);
}

/* The child of this name, a new one if need be; 0 where the tree is full. */
static uint32_t child_of(struct tree *tree, uint32_t parent, const char *name)
{
    uint32_t *link = &tree->nodes[parent].child;

    for (; *link != 0; link = &tree->nodes[*link].next)
        if (strcmp(tree->nodes[*link].name, name) == 0)
            return *link;
    if (tree->count == NODES_MAX)
        return 0;
    *link = tree->count;
    tree->nodes[tree->count].name = name;
    return tree->count++;
}

static cJSON *node_json(const struct tree *tree, uint32_t index, double least)
{
    const struct node *node = &tree->nodes[index];
    cJSON *array = cJSON_CreateArray(), *children = cJSON_CreateArray();

    cJSON_AddItemToArray(array, cJSON_CreateString(node->name));
    for (int side = 0; side < SIDES; side++)
        cJSON_AddItemToArray(array, evidence_number(node->value[side]));
    for (uint32_t child = node->child; child != 0; child = tree->nodes[child].next)
        if (tree->nodes[child].value[0] >= least || tree->nodes[child].value[1] >= least)
            cJSON_AddItemToArray(children, node_json(tree, child, least));
    cJSON_AddItemToArray(array, children);
    return array;
}

/* One callgrind file while it is unfolded. */
struct unfolding {
    const struct callgrind *profile;
    struct tree *tree;
    int side;
    double least;
    uint32_t stack[DEPTH_MAX]; /* functions */
};

/* A function that has no symbol is called by its object: "0x35b0" says nothing to anybody. */
static const char *name_of(struct tree *tree, const struct callgrind_function *function)
{
    const char *slash = strrchr(function->object, '/');
    uint32_t number;

    if (strncmp(function->name, "0x", 2) != 0 || slash == NULL)
        return function->name;
    char name[256];
    snprintf(name, sizeof name, "(in %s)", slash + 1);
    return names_add(&tree->names, name, &number) == 0 ? tree->names.texts[number] : function->name;
}

static bool is_on_stack(const struct unfolding *unfolding, uint32_t depth, uint32_t function)
{
    for (uint32_t i = 0; i < depth; i++)
        if (unfolding->stack[i] == function)
            return true;
    return false;
}

static uint32_t first_call_of(const struct callgrind *profile, uint32_t caller)
{
    uint32_t low = 0, high = profile->call_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (profile->calls[middle].caller < caller)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Adds `value` to the node, and to what is below it its part of that. */
static void unfold(struct unfolding *unfolding, uint32_t node, uint32_t function, double value,
                   uint32_t depth)
{
    const struct callgrind *profile = unfolding->profile;
    double inclusive = (double)profile->functions[function].inclusive_ir;

    unfolding->tree->nodes[node].value[unfolding->side] += value;
    if (depth == DEPTH_MAX || inclusive <= 0)
        return;
    unfolding->stack[depth] = function;
    for (uint32_t i = first_call_of(profile, function);
         i < profile->call_count && profile->calls[i].caller == function; i++) {
        const struct callgrind_call *call = &profile->calls[i];
        double part = value * (double)call->ir / inclusive;
        if (part < unfolding->least || is_on_stack(unfolding, depth + 1, call->callee))
            continue;
        uint32_t child = child_of(unfolding->tree, node,
                                  name_of(unfolding->tree, &profile->functions[call->callee]));
        if (child != 0)
            unfold(unfolding, child, call->callee, part, depth + 1);
    }
}

static bool is_called(const struct callgrind *profile, uint32_t function)
{
    for (uint32_t i = 0; i < profile->call_count; i++)
        if (profile->calls[i].callee == function && profile->calls[i].caller != function)
            return true;
    return false;
}

/*
 * A whole command: what nobody calls (its start, those of its threads) stands on the root. Costs of
 * calls may come to a few more than all instructions, as calls that never return are told
 * otherwise.
 */
static double add_command(struct tree *tree, const struct callgrind *profile, int side)
{
    const double least = smallest * (double)profile->total_ir;

    double left = (double)profile->total_ir;

    tree->nodes[0].value[side] += left;
    for (uint32_t i = 0; i < profile->function_count; i++) {
        const double value = fmin((double)profile->functions[i].inclusive_ir, left);
        if (value < least || is_called(profile, i))
            continue;
        left -= value;
        struct unfolding unfolding = {profile, tree, side, least, {0}};
        uint32_t child = child_of(tree, 0, name_of(tree, &profile->functions[i]));
        if (child != 0)
            unfold(&unfolding, child, i, value, 0);
    }
    return 1;
}

static double add_profile(const struct evidence *evidence, struct tree *tree,
                          const struct callgrind *profile, int side)
{
    double records = evidence_records(evidence, profile);

    if (evidence->is_pair)
        return add_command(tree, profile, side);
    for (uint32_t i = 0; records > 0 && i < profile->function_count; i++) {
        const struct callgrind_function *function = &profile->functions[i];
        if (strcmp(function->name, root_name) != 0)
            continue;
        double value = (double)function->inclusive_ir / records;
        struct unfolding unfolding = {profile, tree, side, smallest * value, {0}};
        unfold(&unfolding, 0, i, value, 0);
    }
    return records;
}

struct flame {
    const char *id, *title, *unit, *tool;
    const char *names[SIDES]; /* of the raw files */
};

static void add_flame(struct evidence *evidence, const struct flame *flame, const struct tree *tree,
                      double records)
{
    static const char *const sides[SIDES] = {"naive", "fixed"};
    const struct node *root = &tree->nodes[0];
    double whole = root->value[0] > root->value[1] ? root->value[0] : root->value[1];
    cJSON *object = cJSON_CreateObject();

    cJSON_AddItemToArray(json_member(evidence->json, "flames"), object);
    cJSON_AddStringToObject(object, "id", flame->id);
    cJSON_AddStringToObject(object, "title", flame->title);
    cJSON_AddStringToObject(object, "unit", flame->unit);
    cJSON_AddStringToObject(object, "tool", flame->tool);
    cJSON_AddItemToObject(object, "records", evidence_number(records));
    for (int side = 0; side < SIDES; side++)
        cJSON_AddStringToObject(object, sides[side], flame->names[side]);
    cJSON_AddItemToObject(object, "root", node_json(tree, 0, smallest * whole));
}

/* Both sides, or none. */
static void add_instructions(struct evidence *evidence, const struct flame *flame)
{
    struct callgrind profiles[SIDES];
    int read_count = 0;
    double records = 0;

    while (read_count < SIDES &&
           evidence_profile(evidence, flame->names[read_count], &profiles[read_count]) == 0)
        read_count++;
    struct tree *tree = read_count == SIDES ? tree_new(evidence) : NULL;
    for (int side = 0; tree != NULL && side < SIDES; side++)
        records = add_profile(evidence, tree, &profiles[side], side);
    if (tree != NULL && tree->nodes[0].value[0] > 0)
        add_flame(evidence, flame, tree, records);
    tree_delete(tree);
    while (read_count-- > 0)
        callgrind_free(&profiles[read_count]);
}

/* Where the root is in a stack; its length where it is not. */
static uint32_t find_root(const struct dhat_point *point)
{
    uint32_t i = 0;
    while (i < point->frame_count && !frame_name_is(point->frames[i]->function, root_name))
        i++;
    return i;
}

/* From the root inwards; what was allocated outside of it is no record's. */
static void add_stack(const struct evidence *evidence, struct tree *tree,
                      const struct dhat_point *point, int side, double records)
{
    double value = (double)point->sum.bytes / records;
    uint32_t node = 0, root = evidence->is_pair ? point->frame_count : find_root(point);

    if (root == point->frame_count && !evidence->is_pair)
        return;
    tree->nodes[0].value[side] += value;
    for (uint32_t i = root; i-- > 0;) {
        const char *name = point->frames[i]->function;
        if (name == NULL)
            continue;
        node = child_of(tree, node, name);
        if (node == 0)
            return;
        tree->nodes[node].value[side] += value;
    }
}

static void add_heap(struct evidence *evidence, const struct flame *flame, double records)
{
    char path[EVIDENCE_PATH_SIZE], error[TEXT_ERROR_SIZE];
    struct dhat heaps[SIDES];
    int read_count = 0;

    for (; read_count < SIDES && evidence_has(evidence, flame->names[read_count]); read_count++) {
        const char *name = flame->names[read_count];
        if (dhat_read(evidence_path(evidence, name, path), &heaps[read_count], error,
                      sizeof error) != 0) {
            evidence_miss(evidence, name, error);
            break;
        }
    }
    struct tree *tree = read_count == SIDES && records > 0 ? tree_new(evidence) : NULL;
    for (int side = 0; tree != NULL && side < SIDES; side++)
        for (uint32_t i = 0; i < heaps[side].point_count; i++)
            add_stack(evidence, tree, &heaps[side].points[i], side, records);
    if (tree != NULL && tree->nodes[0].value[0] + tree->nodes[0].value[1] > 0)
        add_flame(evidence, flame, tree, records);
    tree_delete(tree);
    while (read_count-- > 0)
        dhat_free(&heaps[read_count]);
}

/* How many records the lessons' runs under Valgrind were of: all are of the same input. */
static double find_records(const struct evidence *evidence)
{
    const cJSON *code = json_member(evidence->json, "code"), *one;
    cJSON_ArrayForEach (one, code)
        if (json_number_or_nan(one, "records") > 0)
            return json_number_or_nan(one, "records");
    return 0;
}

static void add_lesson(struct evidence *evidence, const char *lesson)
{
    char names[2 * SIDES][64], id[64], title[128];
    static const char *const tools[2] = {"callgrind", "dhat"}, *const sides[SIDES] = {"naive",
                                                                                      "fixed"};
    for (int i = 0; i < 2 * SIDES; i++)
        snprintf(names[i], sizeof names[i], "raw/%s.out.%.16s.%s", tools[i / SIDES], lesson,
                 sides[i % SIDES]);
    snprintf(id, sizeof id, "%.16s-instructions", lesson);
    snprintf(title, sizeof title, "%.16s: instructions", lesson);
    struct flame flame = {id, title, "Ir/record", "callgrind", {names[0], names[1]}};
    add_instructions(evidence, &flame);
    snprintf(id, sizeof id, "%.16s-bytes", lesson);
    snprintf(title, sizeof title, "%.16s: bytes from the heap", lesson);
    flame = (struct flame){id, title, "B/record", "DHAT", {names[2], names[3]}};
    add_heap(evidence, &flame, find_records(evidence));
}

static void add_pair(struct evidence *evidence)
{
    char names[2 * SIDES][64];

    for (int i = 0; i < 2 * SIDES; i++)
        snprintf(names[i], sizeof names[i], "raw/%s.out.%.32s", i < SIDES ? "callgrind" : "dhat",
                 evidence->sides[i % SIDES]);
    const struct flame work = {
        "instructions", "instructions", "Ir", "callgrind", {names[0], names[1]}};
    const struct flame heap = {
        "bytes", "bytes from the heap", "B", "DHAT", {names[SIDES], names[SIDES + 1]}};
    add_instructions(evidence, &work);
    add_heap(evidence, &heap, 1);
}

void evidence_add_flames(struct evidence *evidence)
{
    const cJSON *lessons = json_member(evidence->document, "lessons"), *lesson;
    char naive[64], fixed[64];

    if (evidence->is_pair) {
        add_pair(evidence);
        return;
    }
    snprintf(naive, sizeof naive, "raw/callgrind.out.%s", CODE_NAIVE);
    snprintf(fixed, sizeof fixed, "raw/callgrind.out.%s", CODE_FIXED);
    const struct flame whole = {
        "whole-instructions", "the whole: instructions", "Ir/record", "callgrind", {naive, fixed}};
    add_instructions(evidence, &whole);
    cJSON_ArrayForEach (lesson, lessons)
        if (json_text_or(lesson, "id", NULL) != NULL)
            add_lesson(evidence, json_text_or(lesson, "id", NULL));
}
