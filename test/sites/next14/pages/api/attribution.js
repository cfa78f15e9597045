/** Stands in for the API. It answers 503 to a click that says so. */
export default function handler(request, response) {
  const { clickId } = JSON.parse(request.body);
  response.status(clickId === 'unavailable' ? 503 : 204).end();
}
