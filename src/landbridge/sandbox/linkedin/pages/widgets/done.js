/* The window in which somebody signed in has done its work. */
if (window.opener) {
  window.opener.postMessage("signed in", location.origin);
  window.close();
}
