// LinkedIn's widget calls these two by name when somebody links or unlinks a member; the ATS keeps who it is.
(function () {
  function keep(member) {
    var place = document.getElementById("linkedin-member");
    fetch(place.dataset.address, { method: "POST", body: new URLSearchParams({ member: member }) }).then(function () {
      place.textContent = member || "nobody yet";
    });
  }
  window.memberLinked = function (member) { keep(String(member)); };
  window.memberUnlinked = function () { keep(""); };
})();
