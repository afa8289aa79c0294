/* SPDX-License-Identifier: MIT */
/* The style and the script of a report's page. The page loads nothing. */
#include "cli/report.h"

const char report_style[] =
    "body{font:16px/1.5 system-ui,sans-serif;color:#111;background:#fff;max-width:60rem;margin:2rem auto;padding:0 1rem}\n"
    "h1{font-size:1.6rem}h2{font-size:1.25rem;margin-top:2.5rem}h3{font-size:1.05rem}\n"
    "table{border-collapse:collapse;font-size:.9rem}td,th{text-align:left;vertical-align:top;padding:.15rem .8rem .15rem 0;"
    "border-bottom:1px solid #ddd}td{overflow-wrap:anywhere}\n"
    "pre{background:#f4f4f4;padding:.6rem;overflow-x:auto;font-size:.85rem}code{font-size:.9em}\n"
    "figure{margin:1.5rem 0}figcaption{font-weight:600}svg{width:100%;height:auto}\n"
    "svg text{font:12px system-ui,sans-serif;fill:#444}.axis line{stroke:#e4e4e4}\n"
    ".curve{fill:none;stroke-width:1.6}path.validation{stroke-dasharray:5 3}circle.curve{stroke:none;fill:currentColor}\n"
    ".cross{stroke:#888;stroke-dasharray:2 2}\n"
    "output{display:block;min-height:1.5em;font-size:.85rem;color:#333;white-space:pre-wrap}\n"
    ".toggles label{margin-right:1rem;white-space:nowrap}.quiet{color:#595959}\n"
    "details{margin:.6rem 0}@media print{.toggles,output{display:none}}\n";

const char report_script[] =
    "const runs=[...document.querySelectorAll('.toggles input[data-run]')].map(i=>i.parentElement.textContent.trim());\n"
    "const on=(kind,run)=>{const of=(k,v)=>{const i=document.querySelector(`.toggles input[data-${k}=\"${v}\"]`);\n"
    "  return !i||i.checked};return of('kind',kind)&&of('run',run)};\n"
    "const show=()=>document.querySelectorAll('.curve,.edit').forEach(c=>{\n"
    "  const kind=['training','validation','edit'].find(k=>c.classList.contains(k));\n"
    "  c.style.display=on(kind,c.dataset.run)?'':'none'});\n"
    "document.querySelectorAll('.toggles input').forEach(i=>i.addEventListener('change',show));\n"
    "const nearest=(x,at)=>{let a=0,b=x.length-1;while(a<b){const m=(a+b)>>1;if(x[m]<at)a=m+1;else b=m}\n"
    "  return a>0&&at-x[a-1]<x[a]-at?a-1:a};\n"
    "const digits=v=>v===null?'–':Number(v.toPrecision(4)).toString();\n"
    "document.querySelectorAll('figure').forEach(f=>{\n"
    "  const d=JSON.parse(f.querySelector('.data').textContent),svg=f.querySelector('svg');\n"
    "  const cross=f.querySelector('.cross'),out=f.querySelector('output');\n"
    "  const move=e=>{const w=svg.viewBox.baseVal.width,r=svg.getBoundingClientRect();\n"
    "    const px=Math.min(d.right,Math.max(d.left,(e.clientX-r.left)/r.width*w));\n"
    "    const at=d.lo+(px-d.left)/(d.right-d.left)*(d.hi-d.lo);\n"
    "    cross.setAttribute('x1',px);cross.setAttribute('x2',px);cross.setAttribute('visibility','visible');\n"
    "    out.textContent='step '+Math.round(at).toLocaleString('en')+'   '+d.curves.filter(c=>on(c.kind,c.run)).map(c=>{\n"
    "      const i=nearest(c.x,at);return runs[c.run]+' '+c.kind+' '+digits(c.y[i])}).join('   ')};\n"
    "  svg.addEventListener('pointermove',move);\n"
    "  svg.addEventListener('pointerleave',()=>{cross.setAttribute('visibility','hidden');out.textContent=''})});\n"
    "document.querySelectorAll('button[data-save]').forEach(b=>b.addEventListener('click',()=>{\n"
    "  const a=document.createElement('a');a.download=b.dataset.save;\n"
    "  a.href=URL.createObjectURL(new Blob([document.getElementById(b.dataset.of).textContent],{type:'text/plain'}));a.click()}));\n";
