// The file field: says in Chinese which file is chosen, takes a file that is dropped on it.

const MOST = 50 * 1024 * 1024;
const zone = document.getElementById("file-drop");
if (zone) {
  const input = document.getElementById("file"), name = document.getElementById("file-name"), empty = name.textContent;
  const show = () => {
    const file = input.files[0];
    name.textContent = file ? `${file.name}（${size(file.size)}）` : empty;
    name.className = file ? "" : "text-secondary";
    const fault = file && file.size > MOST ? "文件超过 50 MB，请删除图片和无关的工作表，或按月份拆分后上传。" : "";
    input.setCustomValidity(fault);
    if (fault) name.append(`：${fault}`);
  };
  input.addEventListener("change", show);
  input.addEventListener("invalid", event => { event.preventDefault(); if (!input.files.length) { name.textContent = "请先选择要上传的文件"; name.className = "tone-bad"; } });
  for (const kind of ["dragenter", "dragover"]) zone.addEventListener(kind, event => { event.preventDefault(); zone.classList.add("is-over"); });
  for (const kind of ["dragleave", "drop"]) zone.addEventListener(kind, () => zone.classList.remove("is-over"));
  zone.addEventListener("drop", event => {
    event.preventDefault();
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    show();
  });
  show();
}

function size(bytes) { return bytes < 1024 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`; }
