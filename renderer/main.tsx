import { createClient } from './client/api.ts';
import { mount } from './mount.tsx';

const root = document.getElementById('root');
if (root === null) throw new Error('the page has no #root');
mount(root, createClient());
