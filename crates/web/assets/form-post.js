// Sends the answer on to the app at once. Without this script its button does.
// By way of the prototype, since a field named «submit» would hide the method.
const form = document.querySelector('form[data-sends-itself]');
if (form) HTMLFormElement.prototype.submit.call(form);
