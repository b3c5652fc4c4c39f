IN.register("ATSIntegrationWidget", (element) => {
  "use strict";
  const types = element.getAttribute("data-supported-bundled-integration-types");
  if (!types || !element.dataset.width) {
    IN.complain("IN/ATSIntegrationWidget needs data-supported-bundled-integration-types and data-width");
    return;
  }
  IN.frame(element, "/rsc/widget/onboarding", { types }, { onintegrate: "data-onintegrate" }, "LinkedIn integration");
});
