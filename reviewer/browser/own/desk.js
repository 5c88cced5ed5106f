// the keyboard belongs to the desk as soon as it is there
const waiting = setInterval(() => {
  const keys = document.querySelector(".xterm-helper-textarea");
  if (keys) {
    clearInterval(waiting);
    keys.focus();
  }
}, 50);
document.getElementById("again").addEventListener("click", () => window.location.reload());
