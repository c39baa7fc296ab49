import { uploadHeaders } from './client'
import { Problem } from './problem'

/** A form with a file, sent so that one sees how far it is: `fetch` does not tell. A refusal is thrown as a `Problem`. */
export function upload<T>(url: string, form: FormData, progress: (part: number) => void): { answer: Promise<T>; stop: () => void } {
  const request = new XMLHttpRequest()
  const answer = new Promise<T>((resolve, reject) => {
    request.open('POST', url)
    for (const [name, value] of Object.entries(uploadHeaders())) request.setRequestHeader(name, value)
    request.upload.onprogress = (event) => {
      if (event.lengthComputable && event.total > 0) progress(event.loaded / event.total)
    }
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) {
        try {
          resolve(JSON.parse(request.responseText) as T)
        } catch {
          reject(new Problem(request.status, 'fault', ''))
        }
      } else void Problem.from(new Response(request.responseText, { status: request.status })).then(reject)
    }
    // A server that refuses a large file closes the connection in the middle of it: that is told as unreachable, too.
    request.onerror = () => reject(Problem.unreachable())
    request.onabort = () => reject(new Problem(0, 'stopped', ''))
    request.send(form)
  })
  return { answer, stop: () => request.abort() }
}
