import './style.css';
import { mountPage } from './mountPage.tsx';
import { openHubLine } from './status/hub.ts';

const root = document.getElementById('kpi');
if (root) mountPage(root, openHubLine);
