// Runs in the page: sorting, choosing, reading again. Without it the page shows all that it has.

for (const table of document.querySelectorAll('table[data-sortable]')) {
  const headers = [...table.querySelectorAll('thead th')];
  const body = table.querySelector('tbody');
  const rows = [...body.rows];
  headers.forEach((header, column) => {
    header.querySelector('button').addEventListener('click', () => {
      const isUp = header.getAttribute('aria-sort') !== 'ascending';
      for (const other of headers) other.removeAttribute('aria-sort');
      header.setAttribute('aria-sort', isUp ? 'ascending' : 'descending');
      const valueOf = (row) => row.cells[column].dataset.value ?? row.cells[column].textContent;
      const sign = isUp ? 1 : -1;
      rows.sort((a, b) => {
        const [first, second] = [valueOf(a), valueOf(b)];
        if (first === '' || second === '') return (first === '') - (second === ''); // nothing comes last
        const difference = Number(first) - Number(second);
        return sign * (Number.isNaN(difference) ? first.localeCompare(second) : difference);
      });
      body.append(...rows);
    });
  });
}

const choices = document.querySelector('[data-choices]');
if (choices) {
  const boxes = [...choices.querySelectorAll('[data-series]')];
  const key = `chosen ${location.pathname}`;
  const show = () => {
    for (const box of boxes)
      for (const mark of document.querySelectorAll(`.series-${box.dataset.series}`))
        mark.toggleAttribute('hidden', !box.checked);
    keep(key, boxes.map(({ checked }) => Number(checked)).join(''));
  };
  const kept = recall(key);
  if (kept?.length === boxes.length) boxes.forEach((box, index) => (box.checked = kept[index] === '1'));
  const set = (value) => () => {
    for (const box of boxes) box.checked = value;
    show();
  };
  choices.addEventListener('change', show);
  choices.querySelector('[data-all]').addEventListener('click', set(true));
  choices.querySelector('[data-none]').addEventListener('click', set(false));
  show();
}

for (const select of document.querySelectorAll('[data-panels]')) {
  const key = `panel ${location.pathname}`;
  const show = () => {
    for (const { value } of select.options) document.getElementById(value).hidden = value !== select.value;
    keep(key, select.value);
  };
  const kept = recall(key);
  if ([...select.options].some(({ value }) => value === kept)) select.value = kept;
  select.addEventListener('change', show);
  show();
}

// While trials are trained, the page is read again; the browser keeps where the reader was.
const { running, written } = document.documentElement.dataset;
if (running) {
  const pause = document.querySelector('[data-pause]');
  const isOld = Date.now() - Date.parse(written) > 30 * 60_000;
  let timer = isOld ? null : start();
  if (isOld) pause.textContent = 'Written over half an hour ago: the run may have ended. Go on';
  pause.addEventListener('click', () => {
    if (timer === null) timer = start();
    else timer = clearTimeout(timer) ?? null;
    pause.textContent = timer === null ? 'Go on' : 'Pause';
  });
}
function start() {
  return setTimeout(() => location.reload(), 1000 * Number(running));
}

/** A page in a file may have no storage. */
function keep(key, value) {
  try {
    sessionStorage.setItem(key, value);
  } catch {
    // then nothing is kept
  }
}
function recall(key) {
  try {
    return sessionStorage.getItem(key);
  } catch {
    return null;
  }
}
