/** A quiet, believable ATS. Served as a file: the policy of the pages allows no other origin. */
export const STYLE = `
*{box-sizing:border-box}
body{margin:0;font:14px/1.5 system-ui,-apple-system,"Segoe UI","DejaVu Sans",sans-serif;color:#1d2a2e;background:#f4f6f6}
a{color:#0b6b57;text-decoration:none}a:hover{text-decoration:underline}
.bar{height:60px;background:#12332d;color:#fff;display:flex;align-items:center;gap:28px;padding:0 28px}
.bar a{color:#d7e7e2}.bar a.on{color:#fff;font-weight:600;box-shadow:0 22px 0 -19px #6fd3b3}
.brand{font-weight:700;font-size:16px;letter-spacing:.2px;margin-right:8px}
.bar .find{margin-left:auto;background:#22473f;border-radius:6px;padding:6px 14px;color:#b9cfc8;width:220px}
.face{width:32px;height:32px;border-radius:50%;background:#6fd3b3;color:#12332d;display:grid;place-items:center;font-weight:700;font-size:12px}
main{max-width:1180px;margin:0 auto;padding:24px 28px 60px}
.crumbs{display:flex;justify-content:space-between;align-items:center;color:#5c6e72;font-size:13px;margin-bottom:14px}
.crumbs nav a{margin-left:14px}.crumbs h2{color:#1d2a2e;margin:0}.card .crumbs{margin-bottom:4px}
.card{background:#fff;border:1px solid #dfe5e4;border-radius:8px;padding:20px 24px;margin-bottom:16px}
.head{display:flex;gap:18px;align-items:center}
.head .face{width:56px;height:56px;font-size:19px;background:#d5eee5}
h1{font-size:24px;line-height:1.25;margin:0}h2{font-size:15px;margin:0 0 12px}h3{font-size:14px;margin:0}
.quiet{color:#5c6e72}.small{font-size:12.5px}
.tag{display:inline-block;background:#e6eeec;border-radius:10px;padding:1px 10px;font-size:12.5px;margin:6px 6px 0 0}
.tabs{display:flex;gap:24px;border-bottom:1px solid #dfe5e4;margin:0 0 16px}
.tabs span{padding:8px 0;color:#5c6e72}.tabs span.on{color:#12332d;font-weight:600;border-bottom:2px solid #0b6b57}
.columns{display:grid;grid-template-columns:minmax(0,1fr) 300px;gap:16px;align-items:start}
.steps{display:flex;list-style:none;margin:14px 0 0;padding:0;gap:4px}
.steps li{flex:1;border-top:4px solid #dfe5e4;padding-top:6px;font-size:12.5px;color:#5c6e72}
.steps li.done{border-color:#9bd5c2}.steps li.now{border-color:#0b6b57;color:#12332d;font-weight:600}
.state{display:inline-block;border-radius:4px;padding:1px 8px;font-size:12px;font-weight:600;background:#dcefe9;color:#0b5a49}
.state.rejected{background:#f8e1de;color:#8f2a1d}.state.hired{background:#dfe6fa;color:#2a418f}.state.prospect{background:#f5ebd3;color:#6f5210}
form.row{display:flex;gap:8px;margin-top:12px;flex-wrap:wrap}
button,select,input{font:inherit;border:1px solid #c3cecc;border-radius:6px;padding:5px 11px;background:#fff;color:inherit}
button{cursor:pointer}button.main{background:#0b6b57;border-color:#0b6b57;color:#fff}button.warn{color:#8f2a1d}
.feed{list-style:none;margin:0;padding:0}.feed li{padding:12px 0;border-top:1px solid #edf1f0}.feed li:first-child{border:0;padding-top:0}
.feed p{margin:4px 0 0;white-space:pre-wrap;overflow-wrap:anywhere}
.note{background:#fbf8ee;border:1px solid #efe6c9;border-radius:6px;padding:8px 12px;margin-top:6px!important}
table{width:100%;border-collapse:collapse}th{text-align:start;color:#5c6e72;font-weight:500;font-size:12.5px}
th,td{padding:10px 12px 10px 0;border-bottom:1px solid #edf1f0}dl{margin:0}dt{color:#5c6e72;font-size:12.5px}dd{margin:0 0 10px}
`;

/** What a page may do to everything inside it; `?hostile=1`. */
export const HOSTILE_STYLE = `
*{box-sizing:content-box!important;letter-spacing:3px!important}
iframe{display:none!important}
div{font-size:40px!important;transform:rotate(.4deg)!important}
button{all:unset!important}
`;

/** Previous and next without a document load: first the address changes, then, an answer later, what is shown. */
export const SCRIPT = `
/** Application Review, the other way: the same links with other addresses. */
const readdress = (next) => {
  for (const part of ['[data-provides="app-review"] header a', '[data-provides="next"]']) {
    const from = next.querySelector(part);
    const to = document.querySelector(part);
    to.setAttribute('href', from.getAttribute('href'));
    to.textContent = from.textContent;
  }
};
const show = async (url, how) => {
  const answer = await fetch(url);
  const next = new DOMParser().parseFromString(await answer.text(), 'text/html');
  if (location.href !== url && !url.includes('/app_review')) return;
  if (how === 'link') return readdress(next);
  document.querySelector('#view').replaceWith(next.querySelector('#view'));
  document.title = next.title;
};
document.addEventListener('click', (event) => {
  const link = event.target instanceof Element && event.target.closest('a[data-swap]');
  if (!link || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  if (link.dataset.swap === 'push') history.pushState(null, '', link.href);
  show(link.href, link.dataset.swap);
});
addEventListener('popstate', () => show(location.href));
`;
