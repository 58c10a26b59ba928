        .id = "log",
        .file = "log.c",
        .title = "a line for nobody",
        .words = "A line composed for each record, and freed unread; fixed: who wants it is asked "
                 "first.",
        .headline = "function_instructions",
        .while_naive = "while lines are composed for nobody",
        .while_fixed = "with no line that nobody wants",
        .measures =
            {
                .subject = LESSON_OF_WORK,
                .functions = {"log_row"},
                .counts = {"allocations", "allocated_bytes"},
            },
        .guesses = {{"time", "time_alone"},
                    {"instructions", "instructions"},
                    {"allocations", "allocations"}},
        .pictures = {{.kind = "waste",
                      .of = {"function_instructions", "allocations", "dhat_blocks"},
                      .title = "of the instructions wrote what nobody read"}},
        .role = "says what became of a record, to whoever wants to know",
        .grading =
            {
                .functions = {"log_row"},
                .uses = {"stderr", "fputs", "fwrite"},
                .headers = {"log.h"},
                .counts = {"allocations", "allocated_bytes"},
                .run = {"--workers=1", "--request=1000000"},
            },
    },
    {
