// The theme puts a wide table into a box that scrolls, which the keyboard reaches only if something in it can be focused.
new MutationObserver(() => {
  for (const box of document.querySelectorAll(".md-typeset__scrollwrap:not([tabindex])")) {
    box.tabIndex = 0
    box.setAttribute("role", "group")
    box.setAttribute("aria-label", "Table")
  }
}).observe(document, { childList: true, subtree: true })
