export { type Exhibit, readExhibit } from './exhibit.ts';
export { galleryPage } from './page.ts';
