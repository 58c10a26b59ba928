/* page_parts.S - what the page is made of, as texts of the program, each NUL-terminated. */
    .section .rodata
    .macro text name, path
    .global \name
    .type \name, %object
\name:
    .incbin "\path"
    .byte 0
    .size \name, . - \name
    .endm

    text page_html, PAGE_HTML
    text page_style, PAGE_STYLE
    text page_script, PAGE_SCRIPT
    text page_licences, PAGE_LICENCES
    .section .note.GNU-stack, "", %progbits
