import { mount } from '../../../renderer/mount.tsx';
import { createFakeApi } from './fake-api.ts';
import { scenes } from './scenes.ts';

/** The console over made-up clusters: `?scene=split-brain#/cluster/edge`. Never part of the product. */
const name = new URLSearchParams(window.location.search).get('scene') ?? 'healthy';
const scene = scenes[name];
const root = document.getElementById('root');
if (scene === undefined || root === null) throw new Error(`no scene ${name}`);
mount(root, createFakeApi(scene));
