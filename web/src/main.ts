import { mount } from "svelte";

import "./page.css";
import { keptToken, sameOriginApi } from "./api.ts";
import Page from "./Page.svelte";

const target = document.querySelector("#page");
if (target === null) throw new Error("index.html has no element #page");
mount(Page, { target, props: { api: sameOriginApi(location.hostname, (...request) => fetch(...request), keptToken) } });
