/* page_html.S - page.html as a text of the program: page_html, NUL-terminated. */
    .section .rodata
    .global page_html
    .type page_html, %object
page_html:
    .incbin PAGE_HTML
    .byte 0
    .size page_html, . - page_html
    .section .note.GNU-stack, "", %progbits
