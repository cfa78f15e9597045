/** `/shoes.html`, `/@john.doe` and others. */
export { default } from '../page';
