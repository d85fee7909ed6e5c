export { formCodeOf as formCode } from '../model/post.ts'
