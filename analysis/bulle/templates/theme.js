document.getElementById("theme").onclick = () => {
  const root = document.documentElement, dark = matchMedia("(prefers-color-scheme:dark)").matches ? "dark" : "light";
  root.dataset.theme = (root.dataset.theme || dark) === "dark" ? "light" : "dark";
  try { localStorage.theme = root.dataset.theme } catch (error) { /* storage is closed to file:// in some browsers */ }
};
